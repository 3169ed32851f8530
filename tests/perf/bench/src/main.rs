//! Measures every row of docs/performance.md on one machine. `bench` measures all groups of rows, `bench NAME…` these.
//! The functions are the binaries beside this one, and their warnings are in target/bench.log.

mod environment;
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
    let is_group = |name: &&String| rows::GROUPS.iter().any(|group| group.name == **name);
    if let Some(unknown) = wanted.iter().find(|name| !is_group(name)) {
        return Err(format!("there is no group {unknown}").into());
    }
    if rows::COUNTS_ONLY {
        println!("a debug build: no call is delayed, only counts are compared");
    }
    table::print_header();
    std::fs::write(target("bench.log"), "")?;
    let mut rows: Vec<Row> = Vec::new();
    for group in rows::GROUPS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == group.name) {
            rows.extend((group.measure)().await?);
        }
    }
    if !rows::COUNTS_ONLY {
        table::write(&rows, &target("bench.json"))?;
    }
    let missed = rows.iter().flat_map(|row| &row.limits);
    let missed = missed
        .filter(|limit| limit.exact && !limit.is_kept())
        .count();
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
