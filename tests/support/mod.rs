//! Data that lies beside the project and is never part of it.

use std::io::Read;
use std::path::PathBuf;

/// A file beside the project, or `None` and a sentence when it is absent.
pub fn shared(name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("ZUGABE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let bytes = std::fs::read(root.join("data").join(name)).ok();
    if bytes.is_none() {
        println!("skipped: shared data is absent ({name})");
    }
    bytes
}

/// A zstd file beside the project, unpacked.
#[allow(dead_code)]
pub fn shared_zst(name: &str) -> Option<Vec<u8>> {
    let packed = shared(name)?;
    let mut text = Vec::with_capacity(packed.len() * 13);
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).expect("a zstd file");
    decoder.read_to_end(&mut text).expect("a whole zstd file");
    Some(text)
}

/// A gzip file beside the project, unpacked.
#[allow(dead_code)]
pub fn shared_gz(name: &str) -> Option<Vec<u8>> {
    let packed = shared(name)?;
    let mut text = Vec::with_capacity(packed.len() * 6);
    flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut text).expect("a whole gzip file");
    Some(text)
}
