//! The printed table, and the JSON file.

use std::fmt::Display;
use std::path::Path;

use crate::Error;
use crate::fixed_work::multiple_of;
use crate::row::{Limit, Row};
use crate::rows::COUNTS_ONLY;

const HEADER: [&str; 12] = [
    "work", "people", "requests", "writes", "CPU s", "× fixed", "wall s", "MiB", "ready ms",
    "× bare", "first ms", "zip MiB",
];

/// Prints a row and its limits.
pub(crate) fn print(row: &Row) {
    let cells = [
        row.people.to_string(),
        shown(row.requests, 0),
        shown(row.user_writes, 0),
        shown(row.cpu_s, 2),
        shown(row.cpu_s.and_then(multiple_of), 2),
        shown(row.wall_s, 2),
        shown(row.peak_mib, 1),
        shown(row.init_cpu_ms, 2),
        shown(row.init_of_bare, 1),
        shown(row.first_cpu_ms, 2),
        shown(row.zip_mib, 2),
    ];
    let cells = in_columns(&cells);
    let compared = row
        .limits
        .iter()
        .filter(|limit| limit.exact || !COUNTS_ONLY);
    let limits: Vec<String> = compared.map(verdict).collect();
    println!("{:<44}{cells}  {}", row.name, limits.join(", "));
    if !row.operations.is_empty() {
        let operations = row.operations.iter();
        let operations: Vec<String> = operations
            .map(|(operation, count)| format!("{count} {operation}"))
            .collect();
        println!("    {}", operations.join(", "));
    }
}

/// Prints the names of the columns.
pub(crate) fn print_header() {
    let cells = in_columns(&HEADER[1..]);
    println!("{:<44}{cells}  limits (measured / allowed)", HEADER[0]);
}

fn in_columns(cells: &[impl Display]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>9}")).collect();
    cells.concat()
}

fn verdict(limit: &Limit) -> String {
    let Limit { what, most, .. } = limit;
    let word = if limit.is_kept() { "" } else { " MISSED" };
    format!("{what} ≤ {most}: {:.2}{word}", limit.ratio())
}

fn shown(value: Option<impl Display>, decimals: usize) -> String {
    value.map_or_else(String::new, |value| format!("{value:.decimals$}"))
}

/// Writes all rows as JSON, an object per line.
pub(crate) fn write(rows: &[Row], path: &Path) -> Result<(), Error> {
    let objects: Vec<String> = rows
        .iter()
        .map(serde_json::to_string)
        .collect::<Result<_, _>>()?;
    let text = format!("[\n{}\n]\n", objects.join(",\n"));
    std::fs::write(path, text)?;
    Ok(())
}
