//! 同期履歴について

use end_to_end::Person;
use local::Mail;

use super::walkthrough::{Walkthrough, sato, takahashi, tanaka};

/// Plays two nights, and returns the mails of the first.
pub(crate) async fn 同期履歴について(walkthrough: &mut Walkthrough) -> Vec<Mail> {
    // 毎日午前2時に自動でSmartHRとの従業員情報の同期が行われます。
    walkthrough.story.night().await;
    let mails = walkthrough.story.new_mails().await;
    let admin = &walkthrough.admin;

    // [SmartHR]→[ユーザー同期履歴]から同期履歴を確認できます。
    admin.click("SmartHR").await;
    admin.click("ユーザー同期履歴").await;
    // 成功の場合:緑丸のチェックマーク
    admin.shows("成功").await;
    assert_eq!(admin.count(".outcome.success svg").await, 1);
    admin.inspect("31-ユーザー同期履歴").await;

    // SmartHR情報でKiteRaにユーザーが招待/登録され、[ユーザー管理]にユーザーが表示されます。
    admin.click("ユーザー管理").await;
    for person in ["佐藤 太郎", "田中 太郎", "高橋 太郎"] {
        admin.shows(person).await;
    }
    admin.shows("招待中 20").await;
    // 初回同期時のユーザーの役割はすべて「メンバー」です。
    admin.shows("メンバー").await;
    admin.inspect("32-ユーザー管理").await;

    // 連携中は、KiteRa側で名前・メールアドレス・従業員コード・認証方法の変更はできません。
    admin.click("佐藤 太郎").await;
    admin.shows("SmartHRと連携中のため").await;
    admin.inspect("33-連携中のユーザー").await;
    assert_eq!(admin.count("input[name=name], input[name=email]").await, 0);

    // 役割の変更が必要な場合は、KiteRaに登録後に変更をお願いします。
    admin.choose("役割", "担当者").await;
    admin.click("保存する").await;
    admin.shows("ユーザー情報を保存しました。").await;
    admin.inspect("34-役割を変更").await;

    // ※一部のユーザーのみ失敗した場合でも、[ユーザー同期履歴]には「失敗」と表示されます。
    let wrong_address = Person::new(4, "渡辺").email("watanabe(at)example.jp");
    let wrong_domain = Person::new(5, "伊藤").email("ito@elsewhere.example");
    let wrong_code = Person::new(6, "山本").code("営業1");
    let people = [
        sato(),
        tanaka(),
        takahashi(),
        wrong_address,
        wrong_domain,
        wrong_code,
    ];
    walkthrough.put_people(&people).await;
    walkthrough.story.next_night().await;
    walkthrough.sign_in().await;
    let admin = &walkthrough.admin;
    admin.go("/settings/smarthr/history").await;
    // 失敗の場合:赤丸のビックリマーク
    admin.shows("失敗").await;
    assert_eq!(admin.count(".outcome.failure svg").await, 1);
    admin.inspect("35-失敗").await;

    // また、[同期ログをダウンロード]アイコンから同期結果のダウンロードができます。
    admin.click("同期ログをダウンロード").await;
    let csv = String::from_utf8(admin.downloaded().await).unwrap();
    for cause in [
        "メールアドレスの形式が不正",
        "メールアドレスのドメインがKiteRaの設定で許可されていません",
        "従業員コードの形式が不正",
    ] {
        assert!(csv.contains(cause), "{cause}: {csv}");
    }
    admin.click_first("table.list tbody td a").await;
    admin.shows("渡辺 太郎").await;
    admin.inspect("36-ユーザー同期結果").await;
    // Each cause is explained on a page that anybody may read and print.
    admin.click_first("table.list a.help").await;
    admin.shows("同期の失敗の原因と対処").await;
    admin
        .shows("SmartHRの社員番号を半角英数字とハイフンのみに修正してください")
        .await;
    admin.inspect("37-原因と対処").await;
    assert!(admin.printed_pages("37-原因と対処").await > 0);
    mails
}
