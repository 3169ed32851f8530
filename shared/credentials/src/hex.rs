//! Lower-case hexadecimal encoding.

use std::fmt::Write as _;

/// Returns the bytes in lower-case hex, two digits each.
pub fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
