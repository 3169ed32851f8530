//! The two CSV files, for 10,000 people.

use divan::Bencher;
use divan::counter::ItemsCount;
use mail::{SyncLogRow, sync_log_csv};

const PEOPLE: usize = 10_000;

fn main() {
    divan::main();
}

#[divan::bench]
fn the_sync_log(bencher: Bencher<'_, '_>) {
    let row = |number| SyncLogRow {
        employee_code: format!("{number:05}"),
        name: "田中 花子".into(),
        email: format!("p{number}@example.jp"),
        action: "更新".into(),
        result: "成功".into(),
        changes: "氏名: 佐藤 花子 → 田中 花子".into(),
        ..SyncLogRow::default()
    };
    let rows: Vec<_> = (0..PEOPLE).map(row).collect();
    bencher
        .counter(ItemsCount::new(PEOPLE))
        .with_inputs(|| rows.clone())
        .bench_local_values(sync_log_csv);
}
