//! SmartHR's page of 100 people, from its bytes to employees.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use serde_json::json;

/// SmartHR API: `per_page` is at most 100.
const PEOPLE: usize = 100;

fn main() {
    divan::main();
}

/// With attributes that nobody asked for: the company's own items come along with ours.
#[divan::bench(args = [0, 50])]
fn a_page(bencher: Bencher<'_, '_>, own_items: usize) {
    let items: Vec<_> = (0..own_items)
        .map(|item| {
            json!({ "value": format!("値 {item}"),
                "template": { "id": format!("40000000-0000-4000-8000-{item:012}"), "name": "項目" } })
        })
        .collect();
    let people: Vec<_> = (0..PEOPLE)
        .map(|number| {
            json!({
                "id": format!("c0000000-0000-4000-8000-{number:012}"), "emp_code": format!("{number:05}"),
                "emp_status": "employed", "email": format!("p{number}@example.jp"),
                "last_name": "佐藤", "first_name": "花子", "business_last_name": "田中",
                "business_first_name": null, "preferred_last_name": null, "preferred_first_name": null,
                "custom_fields": items,
            })
        })
        .collect();
    let page = json!(people).to_string();
    bencher
        .counter(ItemsCount::new(PEOPLE))
        .counter(BytesCount::of_str(&page))
        .bench_local(|| smarthr::employees_on_page(page.as_bytes(), None));
}
