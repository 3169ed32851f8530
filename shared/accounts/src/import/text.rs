//! The text of an uploaded file, whatever Excel in Japan saved it as.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

use super::FileError;

/// The largest file, and the largest text of one, in bytes.
pub const LARGEST_FILE: usize = 256 * 1024;

/// How every Excel workbook begins: it is a ZIP archive (APPNOTE.TXT, 4.3.7).
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// Returns the text of a file, with line ends of one kind. A byte order mark names its encoding; without one, what is
/// no UTF-8 is `Shift_JIS` as Windows has it (CP932).
///
/// # Errors
/// [`FileError::TooLarge`], [`FileError::Workbook`], [`FileError::UnknownEncoding`]
pub(super) fn text_of(file: &[u8]) -> Result<String, FileError> {
    if file.len() > LARGEST_FILE {
        return Err(FileError::TooLarge);
    }
    if file.starts_with(WORKBOOK) {
        return Err(FileError::Workbook);
    }
    let (encoding, mark) = Encoding::for_bom(file).unwrap_or((UTF_8, 0));
    let content = &file[mark..];
    let decode = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(content)
    };
    let text = decode(encoding).or_else(|| (mark == 0).then(|| decode(SHIFT_JIS))?);
    let text = text.filter(|text| !text.contains('\0'));
    let text = text.ok_or(FileError::UnknownEncoding)?;
    if text.len() > LARGEST_FILE {
        return Err(FileError::TooLarge);
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "メールアドレス,氏名\r\na@example.jp,髙橋 ①\r\n";

    #[test]
    fn a_file_is_read_in_every_encoding_that_excel_saves() {
        let expected = TEXT.replace("\r\n", "\n");
        let (shift_jis, _, unmappable) = SHIFT_JIS.encode(TEXT);
        assert!(!unmappable, "CP932 has 髙 and ①");
        let marked = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        let utf_16 = [0xFEFF].into_iter().chain(TEXT.encode_utf16());
        let utf_16: Vec<u8> = utf_16.flat_map(u16::to_le_bytes).collect();
        for file in [TEXT.as_bytes(), &marked, &shift_jis, &utf_16] {
            assert_eq!(text_of(file).as_ref(), Ok(&expected));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_as_such() {
        assert_eq!(text_of(b"PK\x03\x04\x14\0"), Err(FileError::Workbook));
        assert_eq!(text_of(b"\x81"), Err(FileError::UnknownEncoding));
        assert_eq!(text_of(b"a\0b"), Err(FileError::UnknownEncoding));
        assert_eq!(
            text_of(&vec![b'a'; LARGEST_FILE + 1]),
            Err(FileError::TooLarge)
        );
        // Half-width kana have one byte in Shift_JIS, and three in memory.
        assert_eq!(
            text_of(&vec![0xB1; LARGEST_FILE / 2]),
            Err(FileError::TooLarge)
        );
    }
}
