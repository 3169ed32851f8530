//! The OpenAPI document, generated from the attributes of the handlers and their types.

use domain::report::{Action, Outcome};
use domain::{AwaitedLogin, Status, UserState};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Type};
use utoipa::{Modify, OpenApi};

use super::ProblemDocument;
use crate::api::connection::{connect, disconnect, settings, view};
use crate::api::groups::{group, list as group_list};
use crate::api::notifications::chat;
use crate::api::runs::{account_changes, held_deletions, history, log, people, run, start};
use crate::api::single_sign_on::{remove, save, view as single_sign_on};
use crate::api::users::{
    add, delete, deleted, edit, import, initial_password, invitations, list, password_resets,
    second_factors, sessions, unlink,
};
use crate::api::{
    account_review, allowed_domains, audit_events, contract, employees, notifications, previews,
    related_companies, second_factor_requirement, session,
};
use crate::idempotency::STARTS_WORK;
use crate::input::Id;

/// The file with the document that is served.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

/// The introduction of the document and the operations of `api::routes`. first-login adds its own
/// operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "KiteRa × SmartHR",
        description = "The console's API. POST /api/v1/sign-in sets the session cookie. Every write carries the session's CSRF token, which GET /api/v1/session gives, in the header X-CSRF-Token. What starts work takes an Idempotency-Key: repeated with the same key and body within 24 hours it starts nothing a second time and gets the same answer. A sensitive action answers 403 `confirmation_required` unless the person signed in, or called POST /api/v1/session/confirmation, within the last 10 minutes. Errors are problem documents (RFC 9457) with a Japanese `detail` for the person and a `code` for programs.",
        version = "1"
    ),
    paths(
        session::session,
        view::integration,
        disconnect::disconnect,
        connect::connect,
        connect::answer_other_company,
        settings::save_settings,
        history::runs,
        start::start_run,
        run::run,
        log::log,
        held_deletions::decide_held_deletions,
        account_changes::answer_account_changes,
        people::people_of_run,
        employees::sync::sync_employee,
        employees::progress::employee_sync,
        previews::start_preview,
        previews::preview,
        previews::people_of_preview,
        list::users,
        add::add_users,
        import::preview_user_import,
        import::user_import,
        import::carry_out_user_import,
        list::user,
        edit::change_user,
        delete::delete_user,
        unlink::unlink,
        invitations::invite,
        invitations::invite_several,
        initial_password::issue,
        initial_password::issue_several,
        password_resets::send,
        sessions::end_sessions,
        second_factors::reset_second_factors,
        deleted::deleted_users,
        deleted::restore,
        audit_events::audit_events,
        single_sign_on::single_sign_on,
        save::save_single_sign_on,
        remove::remove_single_sign_on,
        second_factor_requirement::second_factor_requirement,
        second_factor_requirement::save_second_factor_requirement,
        allowed_domains::allowed_domains,
        allowed_domains::save_allowed_domains,
        notifications::notifications,
        notifications::save_notifications,
        chat::chat_webhook,
        chat::save_chat_webhook,
        chat::remove_chat_webhook,
        chat::test_chat_webhook,
        contract::contract,
        related_companies::related_company_users,
        related_companies::save_related_company_users,
        account_review::account_review,
        account_review::confirm_account_review,
        group_list::groups,
        group_list::create_group,
        group::rename_group,
        group::delete_group,
    ),
    components(schemas(ProblemDocument, Id, Status, AwaitedLogin, UserState, Outcome, Action)),
    security(("session" = [])),
    modifiers(&SessionCookie)
)]
struct Document;

struct SessionCookie;

impl Modify for SessionCookie {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-session"));
        if let Some(components) = &mut openapi.components {
            components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
            let header = ApiKey::Header(ApiKeyValue::new("X-CSRF-Token"));
            components.add_security_scheme("csrf", SecurityScheme::ApiKey(header));
        }
    }
}

/// Returns the document in the format of the file.
fn from_code() -> String {
    let mut document = Document::openapi();
    document.merge(first_login::ApiDocument::openapi());
    complete(&mut document);
    document.to_pretty_json().unwrap() + "\n"
}

#[test]
fn the_document_that_is_served_says_what_the_code_says() {
    let from_code = from_code();
    if std::env::var_os("WRITE_OPENAPI").is_some() {
        std::fs::write(FILE, &from_code).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap();
    assert!(
        kept == from_code,
        "run this test with WRITE_OPENAPI=1 to write openapi.json"
    );
}

/// Adds the parts that apply to every operation, or to every operation of a kind.
fn complete(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let starts_work = STARTS_WORK.contains(&path.as_str());
        let writes = [
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for write in writes.into_iter().flatten() {
            let both = SecurityRequirement::new("session", [""; 0]).add("csrf", [""; 0]);
            write.security.get_or_insert_with(|| vec![both]);
            add_common_answers(write);
            if write.request_body.is_some() {
                add(write, 413, "The body is larger than 64 KiB");
                add(write, 415, "The body is not application/json");
            }
            if starts_work {
                take_idempotency_key(write);
            }
            refuse_with_problems(write);
        }
        if let Some(read) = &mut item.get {
            add_common_answers(read);
            refuse_with_problems(read);
        }
    }
}

fn take_idempotency_key(operation: &mut Operation) {
    let unclear = "The request or its Idempotency-Key cannot be understood";
    add(operation, 400, unclear);
    add(operation, 409, "The same request is being carried out");
    add(operation, 413, "The body is larger than 64 KiB");
    let reused = "The Idempotency-Key was used for another request";
    add(operation, 422, reused);
    let parameters = operation.parameters.get_or_insert_default();
    parameters.push(RefOr::T(idempotency_key()));
}

fn add_common_answers(operation: &mut Operation) {
    if operation.parameters.is_some() || operation.request_body.is_some() {
        add(operation, 400, "The request cannot be understood");
    }
    let nobody = SecurityRequirement::default();
    let open = operation.security.as_ref();
    if !open.is_some_and(|allowed| allowed.contains(&nobody)) {
        add(operation, 401, "Nobody is signed in");
    }
    add(
        operation,
        403,
        "Not for this role; the CSRF token is missing; or the initial password has to be replaced first",
    );
    add(operation, 500, "An error of ours");
    add(operation, 503, "Ask again after `Retry-After` seconds");
}

/// Adds a refusal, unless the operation documents it itself.
fn add(operation: &mut Operation, status: u16, description: &str) {
    let refusal = ResponseBuilder::new().description(description);
    let answers = &mut operation.responses.responses;
    answers
        .entry(status.to_string())
        .or_insert_with(|| refusal.into());
}

/// Makes every refusal a problem document.
fn refuse_with_problems(operation: &mut Operation) {
    for (status, answer) in &mut operation.responses.responses {
        if let RefOr::T(answer) = answer
            && status.as_str() >= "400"
        {
            let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
            let problem = problem.build().into();
            answer
                .content
                .insert("application/problem+json".into(), problem);
        }
    }
}

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Any name that the client makes up for this request, such as a UUID",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .max_length(Some(255))
                .pattern(Some("^[!-~]*[!#-~][!-~]*$")),
        ))
        .build()
}
