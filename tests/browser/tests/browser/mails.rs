//! Every kind of mail, as HTML in a mail program and as text.

use browser::{Chrome, shown_in_libreoffice};
use end_to_end::{Person, Story};
use local::Mail;
use serde_json::json;

#[tokio::test]
async fn every_mail_is_complete_as_html_and_as_text() {
    let people: Vec<Person> = (1..=8)
        .map(|number| Person::new(number, "佐藤").email(&format!("n{number}@example.jp")))
        .chain([Person::new(9, "田中").code("00123")])
        .collect();
    let mut story = Story::connected("browser-mails", &people).await;
    let everyone = json!({ "target": "everyone_and_code_only" });
    story.save(everyone).await.ok();
    let reader = Chrome::open(&story, "mails").await;
    story.night().await;
    let mails = story.new_mails().await;
    inspect(&reader, "1-招待", &mails, "への招待").await;
    inspect(&reader, "2-初期パスワード", &mails, "初期パスワード").await;
    let with_file = mails.iter().find(|mail| !mail.attachments.is_empty());
    let file = with_file.unwrap().attachments[0].bytes();
    let cells = shown_in_libreoffice(&file);
    // LibreOffice shows a code as a number, without its zeros, unless blanks that it does not know come first.
    assert!(cells.contains("\u{A0}\u{2002}00123,"), "{cells}");

    let mut renamed = people.clone();
    renamed[0] = Person::new(1, "鈴木").email("n1@example.jp");
    story.put_people(&renamed).await;
    next_night(&mut story, &reader, "3-再招待", "再招待").await;

    let fault = json!({ "path": "/api/v1/crews", "status": 403, "count": 1 });
    story.at_smarthr("POST", "faults", fault).await;
    next_night(&mut story, &reader, "4-同期の失敗", "失敗しました").await;

    let gone: Vec<Person> = people.iter().cloned().map(Person::retired).collect();
    story.put_people(&gone).await;
    next_night(&mut story, &reader, "5-削除の保留", "保留しました").await;

    story.at_smarthr("POST", "revoke", json!({})).await;
    next_night(&mut story, &reader, "6-再連携", "再連携が必要です").await;
}

/// Plays a night, and inspects its mail with this subject.
async fn next_night(story: &mut Story, reader: &Chrome, name: &str, subject: &str) {
    story.next_night().await;
    inspect(reader, name, &story.new_mails().await, subject).await;
}

/// Inspects the HTML of the mail with this subject, and checks that the text says the same without markup.
async fn inspect(reader: &Chrome, name: &str, mails: &[Mail], subject: &str) {
    let is_it = |mail: &&Mail| mail.subject.contains(subject);
    let Some(mail) = mails.iter().find(is_it) else {
        panic!("{subject}: {mails:#?}");
    };
    reader.open_mail(&mail.html).await;
    reader.shows("株式会社テスト").await;
    reader.inspect(name).await;
    assert!(mail.text.contains("株式会社テスト"), "{}", mail.text);
    assert!(!mail.text.contains("</"), "{}", mail.text);
    assert!(mail.text.contains("KiteRa"), "{}", mail.text);
    for link in links(&mail.html) {
        assert!(mail.text.contains(link), "{link} is missing: {}", mail.text);
    }
}

fn links(html: &str) -> impl Iterator<Item = &str> {
    let links = html.split("href=\"").skip(1);
    links.filter_map(|rest| rest.split('"').next())
}
