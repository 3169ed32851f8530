//! Every route × every actor: the status of each cell is in `matrix.txt`.

use std::collections::BTreeSet;

use security::{
    ACTORS, Actor, Answer, Places, Route, SHARED, assert_unchanged, dump, routes, send_sample,
};

pub(crate) struct Row {
    pub(crate) route: Route,
    answers: Vec<String>,
}

pub(crate) fn table() -> Vec<Row> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/security/matrix.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let method = words.next().unwrap().to_owned();
            let path = words.next().unwrap().to_owned();
            let route = Route { path, method };
            let answers: Vec<String> = words.map(str::to_owned).collect();
            assert_eq!(answers.len(), ACTORS.len(), "{line}");
            Row { route, answers }
        })
        .collect()
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_table_says() {
    let rows = table();
    let mut wrong = Vec::new();
    let mut cells = 0;
    for (column, actor) in ACTORS.into_iter().enumerate() {
        let (product, places) = Places::set_up().await;
        if column == 0 {
            wrong.extend(missing_and_superfluous(&rows, &routes(&product).await));
        }
        let browser = product.browser_of(actor).await;
        for (number, row) in rows.iter().enumerate() {
            let number = number_of_person(&rows, number);
            let path = places.path(&row.route, number);
            let person = &places.invited[number];
            let answer = send_sample(&browser, &row.route, &path, person).await;
            cells += 1;
            let (method, pattern) = (&row.route.method, &row.route.path);
            let (actual, expected) = (word_for(&answer), &row.answers[column]);
            if actual != *expected {
                wrong.push(format!(
                    "{method} {pattern} as {actor:?}: {actual} instead of {expected}"
                ));
            }
            if actor == Actor::OtherWorkspace && !pattern.starts_with("/invitations/") {
                // An answer may repeat the id that was asked for.
                let asked = places.invited[number].user_id.as_str();
                wrong.extend(
                    // 社員番号 is the name of a column.
                    leaks(
                        &places,
                        &answer.text.replace(asked, "").replace("社員番号", ""),
                    )
                    .map(|leak| format!("{method} {pattern} shows another workspace {leak}")),
                );
            }
        }
    }
    for line in &wrong {
        println!("{line}");
    }
    println!("cells: {cells}, wrong: {}", wrong.len());
    assert!(wrong.is_empty(), "{} are wrong", wrong.len());
}

#[tokio::test]
async fn what_members_and_staff_may_not_do_changes_nothing() {
    let mut rows = table();
    rows.retain(|row| row.answers[1] == "403");
    assert!(rows.len() > 40, "{} rows", rows.len());
    for actor in [Actor::Member, Actor::Staff] {
        let (product, places) = Places::set_up().await;
        let browser = product.browser_of(actor).await;
        let tables = [&SHARED[..], &["audit"]].concat();
        let before = dump(&product.env, &tables).await;
        for Row { route, .. } in &rows {
            let path = places.path(route, 1);
            send_sample(&browser, route, &path, &places.invited[1]).await;
        }
        assert_unchanged(&before, &dump(&product.env, &tables).await);
        assert!(product.env.queued_runs().is_empty());
    }
}

/// Returns the table's word for an answer.
fn word_for(answer: &Answer) -> String {
    match answer.header("location") {
        location if location.starts_with("/sign-in") => "login".into(),
        _ => answer.status.as_u16().to_string(),
    }
}

/// Returns the number of the person that a row is about. Each row has a person of its own, because some delete theirs.
pub(crate) fn number_of_person(rows: &[Row], number: usize) -> usize {
    let is_about_a_person = |row: &&Row| {
        row.route.path.contains("/users/") || row.route.path.starts_with("/invitations/")
    };
    rows[..number].iter().filter(is_about_a_person).count()
}

/// Returns what a text shows of the first workspace.
fn leaks<'a>(places: &'a Places, text: &'a str) -> impl Iterator<Item = String> {
    let people = places.invited.iter().flat_map(|user| {
        let email = user.email.as_ref().unwrap().to_string();
        [user.user_id.to_string(), email, user.name.clone()]
    });
    let names = ["株式会社テスト", "株式会社あおぞら商事", "ws_test", "社員"];
    people
        .chain(names.map(str::to_owned))
        .filter(move |secret| text.contains(secret))
}

/// Returns a line for each route without a row and each row without a route.
fn missing_and_superfluous(rows: &[Row], routes: &BTreeSet<Route>) -> Vec<String> {
    let rows: BTreeSet<Route> = rows.iter().map(|row| row.route.clone()).collect();
    let missing = routes.difference(&rows);
    let superfluous = rows.difference(routes);
    missing
        .map(|route| format!("matrix.txt has no row for {route:?}"))
        .chain(superfluous.map(|route| format!("there is no route for the row {route:?}")))
        .collect()
}
