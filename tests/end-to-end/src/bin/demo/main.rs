//! `make run`: a company's life on this machine, in eleven nights, which the stack then goes on serving.
//!
//! `LOCAL_PORT` (8080) is the port; `SMARTHR_API_BASE_URL` and `SMARTHR_OAUTH_BASE_URL` name another
//! SmartHR than the stand-in; `ONCE=1` ends after the last night.

#![expect(clippy::unwrap_used, reason = "a demo that cannot go on has failed")]

mod company;
mod night;
mod single_sign_on;
mod timeline;

use std::process::ExitCode;

use end_to_end::{ADMIN_PASSWORD, PASSWORD, Story};
use identity_provider::IdentityProvider;
use local::{Error, Options, Stack};
use serde_json::json;

/// The e-mail address of the first システム管理者.
const ADMIN_EMAIL: &str = "kanri@aozora-shoji.example";

#[tokio::main]
async fn main() -> ExitCode {
    println!("starting (the first time takes a minute)");
    let stack = match start().await {
        Ok(stack) => stack,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    // A panic in the task has been printed by the time that it is joined.
    let Ok(_running) = tokio::spawn(live(stack)).await else {
        return ExitCode::FAILURE;
    };
    if std::env::var("ONCE").is_ok_and(|once| once == "1") {
        return ExitCode::SUCCESS;
    }
    println!("\nrunning until Ctrl-C");
    // Where signals do not work, the wait ends at once, and so does the program.
    _ = tokio::signal::ctrl_c().await;
    ExitCode::SUCCESS
}

async fn start() -> Result<Stack, Error> {
    Stack::start(Options::from_environment()?).await
}

/// Plays the nights, and prints what happened and where to look.
async fn live(stack: Stack) -> (Story, Option<IdentityProvider>) {
    let workspace = json!({
        "name": "株式会社あおぞら商事", "company_code": "AOZORA", "seats": 200,
        "allowed_domains": ["aozora-shoji.example"],
        "system_administrator": {
            "name": "管理 花子", "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD,
        },
    });
    let mut story = Story::provision(stack, workspace).await;
    println!("workspace: {}", story.workspace_id);
    print_addresses(&story.stack);
    if !connect(&mut story).await {
        return (story, None);
    }
    let settings = json!({ "target": "everyone_and_code_only" });
    let saved = story.save(settings).await.ok().json();
    println!("{}\n", saved["message"].as_str().unwrap());

    if story.stack.smarthr_url().is_none() {
        night::pass(&mut story, None).await;
        return (story, None);
    }
    timeline::play(&mut story).await;
    company::has_an_ordinary_day(&story).await;
    let preview = preview(&mut story).await;
    let member = company::addresses(&story, [timeline::MEMBER]).await;
    // From now on, who is dismissed on SmartHR's page is out within minutes.
    company::loses_its_reports(&story, false).await;
    let provider = single_sign_on::set_up(&mut story, ADMIN_EMAIL).await;
    print_logins(&story.stack, &member.concat(), &preview);
    (story, Some(provider))
}

/// Connects the workspace. Returns false if SmartHR, which is not the stand-in then, wants a person to log in.
async fn connect(story: &mut Story) -> bool {
    if story.stack.smarthr_url().is_some() {
        story.connect().await.ok();
    } else {
        let authorize_url = story.authorize_url().await;
        let back = story.admin.get(&authorize_url).await;
        let base = story.stack.base_url();
        let Some(callback) = back.header("location").strip_prefix(base) else {
            println!("SmartHR wants you to log in. Sign in to the console, then link there.");
            return false;
        };
        story.admin.get(callback).await.ok();
    }
    println!("{}", story.connection().await["message"].as_str().unwrap());
    true
}

/// Makes a preview, and returns the path of its page.
async fn preview(story: &mut Story) -> String {
    let address = "/api/v1/previews";
    let begun = story.admin.post(address, json!(null)).await.ok().json();
    let run_id = begun["run_id"].as_str().unwrap();
    story.finished(&format!("{address}/{run_id}")).await;
    format!("/settings/smarthr/previews/{run_id}")
}

fn print_addresses(stack: &Stack) {
    let base = stack.base_url();
    println!("console:   {base}/sign-in   {ADMIN_EMAIL} / {ADMIN_PASSWORD}");
    println!("mails:     {base}/_local/mails");
    if let Some(smarthr) = stack.smarthr_url() {
        println!("SmartHR:   {smarthr}");
    }
    let aws = stack.aws_endpoint();
    println!("AWS:       export AWS_ENDPOINT_URL={aws}   for target/debug/kitera and make invoke");
    println!("log:       {}", stack.log().display());
    println!("time:      curl -X POST {base}/_local/clock --json '{{\"advance_seconds\":86400}}'");
    println!("night:     curl -X POST {base}/_local/night\n");
}

fn print_logins(stack: &Stack, member: &str, preview: &str) {
    let base = stack.base_url();
    println!("\nconsole:   {base}/sign-in");
    println!("           システム管理者  {ADMIN_EMAIL} / {ADMIN_PASSWORD}");
    println!("           メンバー        {member} / {PASSWORD}");
    println!("SSO:       {base}/sso/AOZORA   {}", single_sign_on::EMAIL);
    println!("history:   {base}/settings/smarthr/history");
    println!("preview:   {base}{preview}");
}
