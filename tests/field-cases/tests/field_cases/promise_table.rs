//! Every sentence of the product that promises or advises what a sync will do, with the state in which it is shown. A
//! new sentence has to be entered here before the tests pass.

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Connection, ConnectionState, Role};
use security::Product;
use testkit::TestEnv;
use testkit::users::synced;

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(each_promise_of_a_page_is_shown_in_its_states_and_in_no_other),
        case(every_promise_of_the_source_is_in_the_table_and_held_by_a_test),
    ]
}

/// A state of the connection, in which a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    SyncOn,
    SyncOff,
    ReconnectNeeded,
    Disconnected,
}

use State::{Disconnected, ReconnectNeeded, SyncOff, SyncOn};

const STATES: [State; 4] = [SyncOn, SyncOff, ReconnectNeeded, Disconnected];

const PERSON: &str = "/users/usr_linked";
const SMARTHR: &str = "/settings/smarthr";

/// Sentences of pages about a workspace, or somebody whom SmartHR determines: page, and the states in which they are
/// shown.
const OF_PAGES: [(&str, &str, &[State]); 9] = [
    ("翌日午前2時の同期で反映されます", PERSON, &[SyncOn]),
    (
        "SmartHRで変更すると、次回の同期で反映されます",
        PERSON,
        &[SyncOff, ReconnectNeeded],
    ),
    ("毎日午前2時の同期で設定されます", PERSON, &[SyncOn]),
    (
        "午前2時の同期を待たずに、この方だけに反映します",
        PERSON,
        &[SyncOn],
    ),
    // Beside the warning that the sync is stopped, where an admin has to connect again.
    (
        "チェックを入れると、毎日午前2時にSmartHRと同期されます",
        SMARTHR,
        &[SyncOn, SyncOff, ReconnectNeeded],
    ),
    (
        "午前2時を待たずに1回同期します",
        SMARTHR,
        &[SyncOn, SyncOff],
    ),
    (
        "次回の同期で新しいユーザーとして追加され",
        "/users/usr_linked/delete",
        &[SyncOn, SyncOff, ReconnectNeeded],
    ),
    (
        "次回の同期で、メールアドレスまたは従業員コードが一致する従業員と、あらためて紐付けられます",
        "/users/usr_linked/unlink",
        &[SyncOn, SyncOff, ReconnectNeeded],
    ),
    (
        "退職しても自動では削除されません",
        "/users/usr_linked/unlink",
        &[SyncOn, SyncOff, ReconnectNeeded],
    ),
];

/// Sentences of runs, mails and sign-ins, each with a test of the state in which it is shown.
const OF_EVENTS: [(&str, &str); 25] = [
    (
        "初期パスワードは毎日午前2時の同期でまとめて発行します",
        "an_initial_password_waits_for_the_csv_of_the_night",
    ),
    (
        "午前2時の同期の際に、自動で再招待メールが送信されます",
        "no_new_link_is_promised_while_the_sync_is_off",
    ),
    (
        "午前2時の同期の際に、新しいリンクを自動でお送りします",
        "no_new_link_is_promised_after_the_connection_ended",
    ),
    (
        "SmartHRに作成した項目は後ほど自動的に削除されます",
        "a_smarthr_that_is_down_does_not_stop_a_disconnect_and_is_cleaned_up_at_night",
    ),
    (
        "SmartHRに作成した項目は、後ほど自動的に削除されます",
        "a_smarthr_that_is_down_does_not_stop_a_disconnect_and_is_cleaned_up_at_night",
    ),
    (
        "変更を許可しました。次回の同期で変更されます",
        "addresses_dropped_on_purpose_are_named_and_go_once_allowed",
    ),
    (
        "許可しました。次回の同期で変更されます",
        "addresses_dropped_on_purpose_are_named_and_go_once_allowed",
    ),
    (
        "削除を許可しました。次回の同期で削除されます",
        "held_deletions_are_shown_with_the_people_and_answered_by_a_button",
    ),
    (
        "許可しました。次回の同期で削除されます",
        "many_leavers_are_named_and_go_once_allowed",
    ),
    (
        "許可すると、次回の同期で削除されます",
        "many_leavers_are_named_and_go_once_allowed",
    ),
    (
        "午前2時を待たずに削除する場合は",
        "held_deletions_are_shown_with_the_people_and_answered_by_a_button",
    ),
    (
        "許可すると、次回の同期{% if let Some(next_run) = next_run %}({{ next_run }}、または[今すぐ同期]){% endif %}で削除され",
        "a_deletion_is_promised_for_a_time_only_while_the_nights_sync",
    ),
    (
        "許可した方は次回の同期で削除され",
        "held_deletions_are_answered_by_name_after_a_page_that_says_what_happens",
    ),
    (
        "次回の同期のあとに、許可または拒否できます",
        "what_is_held_is_answered_by_a_click_and_named_on_every_other_page",
    ),
    (
        "次回の同期({{ proposed.next_run }})で、次のように変わります",
        "sso_for_many_people_is_saved_after_a_preview_that_says_for_how_many",
    ),
    (
        "保存した後、次回の同期までに、SmartHRで「連携する」にしてください",
        "whom_特定のユーザー_leaves_out_is_counted_before_smarthr_gets_an_item",
    ),
    (
        "<dt>次回の同期</dt>",
        "a_refused_connection_is_connected_again_by_one_click_and_named_on_every_page",
    ),
    (
        "次回の同期のあとに表示されなくなります",
        "who_fails_is_listed_with_the_first_night_that_failed_until_it_is_mended",
    ),
    (
        "残りの方が表示されます",
        "more_lost_addresses_than_a_page_lists_are_all_asked_about",
    ),
    (
        "回答後の同期で表示されます",
        "more_lost_addresses_than_a_page_lists_are_all_asked_about",
    ),
    (
        "再実行待ち",
        "a_night_that_waits_for_smarthr_says_when_it_is_tried_again",
    ),
    (
        "SmartHRの復旧を待って、{time}に再実行します",
        "a_night_that_waits_for_smarthr_says_when_it_is_tried_again",
    ),
    (
        "次回の同期から反映されます",
        "items_that_somebody_deleted_are_made_again_and_change_nobody_that_night",
    ),
    (
        "次回の同期で、新しい従業員情報に紐付けられます",
        "a_record_created_again_in_smarthr_is_linked_to_its_user_and_a_user_is_deleted",
    ),
    (
        "すべて回答した後の同期で登録されます",
        "a_new_person_who_lacks_what_most_lack_is_registered_once_all_was_answered",
    ),
];

/// Sentences that are true in every state: what pages and browsers do by themselves, names, and what the next sync
/// does, at night or by hand. None of them names a time.
const ALWAYS: [&str; 17] = [
    "次回の同期で再試行されます",
    "次回の同期ログで原因を確認できます",
    "同期を有効にしている間は、午前2時の同期の際に",
    "初期パスワードは、午前2時頃にシステム管理者へ届きます",
    "ユーザーは自動で登録され、招待メールは届きません",
    "自動的にログアウトされています",
    "毎日午前2時の同期の結果を確認します",
    "SmartHRの従業員情報を、KiteRaのユーザーに自動で取り込みます",
    "次回の同期で新しいユーザーとして追加された場合も同様です",
    "この画面は自動的に更新されます",
    "自動で移動しない場合は",
    "このメールは自動でお送りしています",
    "自動(午前2時)",
    "次回の同期で変更されます。\"),",
    "次回の同期で削除されます。\"),",
    "ほかに{{ more_account_changes }}名の変更も保留しています",
    "SmartHRで変更すると、次回の同期で反映されます",
];

async fn each_promise_of_a_page_is_shown_in_its_states_and_in_no_other() {
    let env = TestEnv::new(20, None).await;
    env.add_user(synced("usr_linked")).await;
    let product = Product::of(env);
    let admin = product
        .sign_in_new("admin", Role::SystemAdministrator)
        .await;
    for state in STATES {
        product.env.change_connection(|it| lead_to(state, it)).await;
        for (sentence, page, shown) in OF_PAGES {
            let page = admin.get(page).await;
            assert_eq!(
                page.text.contains(sentence),
                shown.contains(&state),
                "{state:?}: {sentence}"
            );
        }
    }
}

fn lead_to(state: State, connection: &mut Connection) {
    connection.settings.enabled = state != SyncOff;
    connection.state = match state {
        SyncOn | SyncOff => ConnectionState::Connected,
        ReconnectNeeded => ConnectionState::ReconnectNeeded,
        Disconnected => ConnectionState::Disconnected,
    };
}

async fn every_promise_of_the_source_is_in_the_table_and_held_by_a_test() {
    let of_pages = OF_PAGES.iter().map(|row| row.0);
    let of_events = OF_EVENTS.iter().map(|row| row.0);
    let sentences: Vec<&str> = of_pages.chain(of_events).chain(ALWAYS).collect();
    let source: Vec<PathBuf> = ["functions", "shared"]
        .iter()
        .flat_map(|folder| files(&root().join(folder)))
        .filter(|file| !file.to_string_lossy().contains("tests"))
        .collect();
    let lines: Vec<String> = source.iter().flat_map(|file| lines_of(file)).collect();
    let promises = lines.iter().filter(|line| is_promise(line));
    let is_known = |line: &&String| sentences.iter().any(|it| line.contains(it));
    let unknown: Vec<_> = promises.filter(|line| !is_known(line)).collect();
    assert!(unknown.is_empty(), "not in the table: {unknown:#?}");
    for sentence in sentences {
        let is_said = lines.iter().any(|line| line.contains(sentence));
        assert!(is_said, "nobody says this any more: {sentence}");
    }
    let tests: Vec<String> = ["functions", "shared", "tests"]
        .iter()
        .flat_map(|folder| files(&root().join(folder)))
        .filter(|file| file.extension().is_some_and(|it| it == "rs"))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    for (sentence, test) in OF_EVENTS {
        let test = format!("fn {test}(");
        let is_there = tests.iter().any(|text| text.contains(&test));
        assert!(is_there, "{test} is to hold: {sentence}");
    }
}

/// Returns whether a line says what happens by itself, or with the next sync.
fn is_promise(line: &str) -> bool {
    let words = [
        "自動的に",
        "自動で",
        "翌日",
        "午前2時",
        "次回の同期",
        "後の同期",
        "再試行",
        "再実行",
    ];
    words.iter().any(|word| line.contains(word))
}

/// Returns the lines of a file that may be shown: no comments and no tests.
fn lines_of(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .take_while(|line| !line.contains("#[cfg(test)]"));
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    lines.map(str::to_owned).collect()
}

/// Returns the files of a folder that may have sentences.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        if path.is_dir() {
            found.extend(files(&path));
        } else if ends(&[".rs", ".html", ".txt"]) {
            found.push(path);
        }
    }
    found
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_path_buf()
}
