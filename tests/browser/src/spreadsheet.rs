//! What LibreOffice shows of a CSV file.

use std::process::Command;

use crate::files::folder;

/// Opens a CSV file in LibreOffice as its own dialogue proposes, and returns all cells as they are shown, as
/// CSV.
///
/// # Panics
/// When LibreOffice cannot open the file.
pub fn shown_in_libreoffice(file: &[u8]) -> String {
    // UTF-8 (76) with commas (44) and quotes (34), from the first line on; written as shown (the last `true`).
    let csv = "Text - txt - csv (StarCalc):44,34,76,1";
    let folder = folder("spreadsheets");
    std::fs::write(folder.join("opened.csv"), file).unwrap();
    let status = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.display()
        ))
        .args(["--headless", &format!("--infilter={csv}")])
        .args(["--convert-to", &format!("txt:{csv},,0,false,true")])
        .arg("--outdir")
        .args([&folder, &folder.join("opened.csv")])
        .status();
    assert!(status.unwrap().success());
    std::fs::read_to_string(folder.join("opened.txt")).unwrap()
}
