//! The checksums that S3 knows, in place of the `crc-fast` that S3's client asks for.
//!
//! That one is made for gigabytes a second and carries 0.7 MB of tables for every checksum there is, which no zip
//! makes smaller: a sixth of two functions, read at every cold start. We put CSVs of some kilobytes. Here is what
//! `aws-smithy-checksums` calls, over the `crc` crate with tables of one to two kilobytes; should it ever call
//! more, the build says so. `[patch.crates-io]` in the workspace's `Cargo.toml` puts it in.

use std::fmt;

use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc};

static ISO_HDLC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
static ISCSI: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
static NVME: Crc<u64> = Crc::<u64>::new(&CRC_64_NVME);

/// Which checksum (Amazon S3 User Guide, "Checking object integrity"); the names are those of the catalogue of
/// parametrised CRC algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrcAlgorithm {
    /// S3's `CRC32`.
    Crc32IsoHdlc,
    /// S3's `CRC32C`.
    Crc32Iscsi,
    /// S3's `CRC64NVME`.
    Crc64Nvme,
}

/// A checksum of bytes that come in pieces.
#[derive(Clone)]
pub struct Digest(Width);

#[derive(Clone)]
enum Width {
    Of32(crc::Digest<'static, u32>),
    Of64(crc::Digest<'static, u64>),
}

impl Digest {
    /// The checksum of no bytes yet.
    pub fn new(algorithm: CrcAlgorithm) -> Self {
        Self(match algorithm {
            CrcAlgorithm::Crc32IsoHdlc => Width::Of32(ISO_HDLC.digest()),
            CrcAlgorithm::Crc32Iscsi => Width::Of32(ISCSI.digest()),
            CrcAlgorithm::Crc64Nvme => Width::Of64(NVME.digest()),
        })
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Width::Of32(digest) => digest.update(bytes),
            Width::Of64(digest) => digest.update(bytes),
        }
    }

    /// The checksum of all bytes so far; of 32 bits, in the lower half.
    pub fn finalize(&self) -> u64 {
        match &self.0 {
            Width::Of32(digest) => digest.clone().finalize().into(),
            Width::Of64(digest) => digest.clone().finalize(),
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Digest({:#x})", self.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_pieces(algorithm: CrcAlgorithm, pieces: &[&str]) -> u64 {
        let mut digest = Digest::new(algorithm);
        for piece in pieces {
            digest.update(piece.as_bytes());
        }
        digest.finalize()
    }

    /// The `check` of each in the catalogue of parametrised CRC algorithms.
    #[test]
    fn the_nine_digits_have_the_checksums_of_the_catalogue_in_whatever_pieces_they_come() {
        for (algorithm, check) in [
            (CrcAlgorithm::Crc32IsoHdlc, 0xcbf4_3926),
            (CrcAlgorithm::Crc32Iscsi, 0xe306_9283),
            (CrcAlgorithm::Crc64Nvme, 0xae8b_1486_0a79_9888),
        ] {
            for pieces in [&["123456789"][..], &["1", "", "2345", "6789"]] {
                assert_eq!(of_pieces(algorithm, pieces), check, "{algorithm:?}");
            }
        }
    }
}
