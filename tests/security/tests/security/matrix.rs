//! Every route × everybody who may come: the status of each cell stands in `matrix.txt`.

use security::{ACTORS, Actor, Answer, Places, Route, Session, routes, sample};

struct Row {
    route: Route,
    answers: Vec<String>,
}

fn table() -> Vec<Row> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/security/matrix.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let method = words.next().unwrap().to_owned();
            let path = words.next().unwrap().to_owned();
            let answers: Vec<String> = words.map(str::to_owned).collect();
            assert_eq!(answers.len(), ACTORS.len(), "{line}");
            Row {
                route: Route { path, method },
                answers,
            }
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
        let mut session = product.come_as(actor).await;
        for (number, row) in rows.iter().enumerate() {
            let number = number_of_person(&rows, number);
            let path = places.path(&row.route, number);
            let call = sample(&row.route, &path, &places.invited[number], &session);
            let answer = product.call(call).await;
            if row.route.path == "/api/v1/password" && answer.status == 200 {
                session = Session::begun_by(&answer, &session.email);
            }
            cells += 1;
            let (method, pattern) = (&row.route.method, &row.route.path);
            let (given, expected) = (word_for(&answer), &row.answers[column]);
            if given != *expected {
                wrong.push(format!(
                    "{method} {pattern} as {actor:?}: {given} instead of {expected}"
                ));
            }
            if actor == Actor::OtherWorkspace && !pattern.starts_with("/invitations/") {
                // What was asked for may be said again.
                let asked = places.invited[number].user_id.as_str();
                wrong.extend(
                    leaks(&places, &answer.text.replace(asked, ""))
                        .map(|leak| format!("{method} {pattern} tells another workspace {leak}")),
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

/// What the table has for an answer.
fn word_for(answer: &Answer) -> String {
    match answer.header("location") {
        "/sign-in" => "login".into(),
        _ => answer.status.as_u16().to_string(),
    }
}

/// Which person a row is about: each has one of its own, so that a row that deletes somebody does not
/// spoil the next one.
fn number_of_person(rows: &[Row], number: usize) -> usize {
    let is_about_a_person = |row: &&Row| {
        row.route.path.contains("/users/") || row.route.path.starts_with("/invitations/")
    };
    rows[..number].iter().filter(is_about_a_person).count()
}

/// What is of the first workspace and of no other.
fn leaks<'a>(places: &'a Places, text: &'a str) -> impl Iterator<Item = String> {
    let people = places.invited.iter().flat_map(|user| {
        let email = user.email.as_ref().map(ToString::to_string);
        [
            Some(user.user_id.to_string()),
            email,
            Some(user.name.clone()),
        ]
    });
    let names = ["株式会社テスト", "株式会社あおぞら商事", "ws_world", "社員"];
    people
        .flatten()
        .chain(names.map(str::to_owned))
        .filter(move |secret| text.contains(secret))
}

fn missing_and_superfluous(
    rows: &[Row],
    routes: &std::collections::BTreeSet<Route>,
) -> Vec<String> {
    let has_row = |route: &&Route| rows.iter().any(|row| row.route == **route);
    let missing = routes.iter().filter(|route| !has_row(route));
    let superfluous = rows.iter().filter(|row| !routes.contains(&row.route));
    missing
        .map(|route| format!("matrix.txt has no row for {} {}", route.method, route.path))
        .chain(superfluous.map(|row| {
            let (method, path) = (&row.route.method, &row.route.path);
            format!("there is no route for the row {method} {path}")
        }))
        .collect()
}
