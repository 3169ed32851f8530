//! Measures every row of docs/performance.md on one machine. `bench` measures all groups of rows, `bench NAME…` these.
//! The functions are the binaries beside this one, and their warnings are in target/bench.log.

mod environment;
mod fixed_work;
mod function;
mod process;
mod row;
mod rows;
mod runtime_api;
mod synced_company;
mod table;
mod tls;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::row::Row;

/// Any error, which ends the bench.
type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let groups: Vec<&str> = rows::GROUPS.split(' ').collect();
    let mut names = wanted.iter();
    if let Some(unknown) = names.find(|name| !groups.contains(&name.as_str())) {
        return Err(format!("there is no group {unknown}").into());
    }
    if rows::COUNTS_ONLY {
        println!("a debug build: no call is delayed, only counts are compared");
    }
    table::print_header();
    std::fs::write(target("bench.log"), "")?;
    let mut rows: Vec<Row> = Vec::new();
    if !rows::COUNTS_ONLY {
        let fixed = fixed_work::measure()?;
        table::print(&fixed);
        rows.push(fixed);
    }
    for group in groups {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == group) {
            rows.extend(Box::pin(rows::measure(group)).await?);
        }
    }
    if !rows::COUNTS_ONLY {
        table::write(&rows, &target("bench.json"))?;
    }
    let limits = rows.iter().flat_map(|row| &row.limits);
    let missed = limits.filter(|limit| limit.exact && !limit.is_kept());
    let missed = missed.count();
    if missed > 0 {
        eprintln!("{missed} counts are beyond their limits");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the path of a file in the target directory.
fn target(name: &str) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| "target".into(), PathBuf::from)
        .join(name)
}
