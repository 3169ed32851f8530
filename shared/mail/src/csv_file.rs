//! A CSV file as Excel in Japan opens it: UTF-8 with BOM, lines ending in CR LF.

/// Without the byte order mark Excel reads the file as Shift_JIS.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A new file that holds only the header.
pub(crate) fn begin(header: &[&str]) -> Result<Vec<u8>, csv::Error> {
    let mut file = BYTE_ORDER_MARK.to_vec();
    file.append(&mut line(header)?);
    Ok(file)
}

/// One line, quoted where it has to be. The cells have been made safe before
/// ([`crate::cell`]).
pub(crate) fn line<T: AsRef<[u8]>>(cells: &[T]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(cells)?;
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}
