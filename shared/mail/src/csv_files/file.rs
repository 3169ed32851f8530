//! CSV files for Excel in Japan: UTF-8 with BOM, lines that end in CR LF.

/// The byte order mark, without which Excel reads the file as `Shift_JIS`.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Returns the beginning of a file: byte order mark and header.
pub(crate) fn begin(header: &[&str]) -> Result<Vec<u8>, csv::Error> {
    let mut file = BYTE_ORDER_MARK.to_vec();
    file.append(&mut line(header)?);
    Ok(file)
}

/// Returns one line, with quotes where they are needed. [`super::cell`] makes the cells safe.
pub(crate) fn line<T: AsRef<[u8]>>(cells: &[T]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(cells)?;
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}
