//! 通知, 週次サマリー: every Monday morning, for who chose it.

use end_to_end::{ADMIN_EMAIL, Person, Story};
use serde_json::json;

#[tokio::test]
async fn the_summary_of_the_week_counts_its_runs_for_admins_who_chose_it() {
    let mut story = Story::connected("weekly-summary", &[Person::sato()]).await;
    story.night().await;
    story.next_night().await;
    story.new_mails().await;
    let at = story.stack.clock().now();
    let monday = async |story: &mut Story| {
        let week = json!({ "round": "week", "scheduled_at": at });
        story.stack.invoke("night-watch", week).await.unwrap();
        story.new_mails().await
    };
    assert!(monday(&mut story).await.is_empty(), "nobody chose it");

    let address = "/api/v1/notifications";
    let mut recipients = story.admin.get(address).await.ok().json();
    recipients["weekly_summary"] = json!({ "to": "admins" });
    story.admin.put(address, recipients).await.ok();
    let mails = monday(&mut story).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, [ADMIN_EMAIL]);
    assert!(mails[0].subject.contains("1週間の同期の結果"));
    let counted = ["2回(うち失敗0回)", "1名"];
    let text = &mails[0].text;
    assert!(counted.iter().all(|it| text.contains(it)), "{text}");
    assert!(monday(&mut story).await.is_empty(), "once a week");
}
