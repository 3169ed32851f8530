//! The planner, at three sizes: a person should cost the same in each.

use divan::Bencher;
use divan::counter::ItemsCount;
use domain::plan;
use micro_bench::Company;

fn main() {
    divan::main();
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 5, sample_size = 1)]
fn one_percent_changed(bencher: Bencher<'_, '_>, people: usize) {
    let company = Company::new(people);
    bencher
        .counter(ItemsCount::new(people))
        .bench_local(|| plan(&company.input()).changes.len());
}
