//! Did anything change since the last build?
//!
//! A stamp is a hash over every file that goes into an artefact plus the words that say how it was built.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

/// Files and folders, relative to the repository root, whose content decides what an artefact holds.
const INPUTS: [&str; 8] = [
    "Cargo.lock",
    "Cargo.toml",
    ".cargo",
    "src",
    "crates/wasm",
    "xtask/src",
    "scripts/plain.mjs",
    "scripts/integrity.mjs",
];

/// A hash of the inputs and of `how` (mode, tools), as hexadecimal text.
///
/// # Errors
/// When a file that exists cannot be read.
pub fn of(root: &Path, how: &[String]) -> Result<String, String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for part in how {
        write(&mut hasher, part.as_bytes());
    }
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(&file);
        write(&mut hasher, name.to_string_lossy().as_bytes());
        write(&mut hasher, &fs::read(&file).map_err(|error| format!("Cannot read {}: {error}.", file.display()))?);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// The length goes in first, so that bytes cannot move from one field to the next unnoticed.
fn write(hasher: &mut DefaultHasher, bytes: &[u8]) {
    hasher.write_usize(bytes.len());
    hasher.write(bytes);
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| format!("Cannot list {}: {error}.", path.display()))?;
        for entry in entries {
            let entry = entry.map_err(|error| format!("Cannot list {}: {error}.", path.display()))?;
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("zugabe-stamp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("src/order")).unwrap();
        fs::write(root.join("Cargo.lock"), "one").unwrap();
        fs::write(root.join("src/order/mod.rs"), "two").unwrap();
        root
    }

    #[test]
    fn the_stamp_changes_with_any_file_name_content_or_tool() {
        let root = project("changes");
        let first = of(&root, &["page".into()]).unwrap();
        assert_eq!(first, of(&root, &["page".into()]).unwrap());
        assert_ne!(first, of(&root, &["full".into()]).unwrap());
        fs::write(root.join("src/order/mod.rs"), "three").unwrap();
        let second = of(&root, &["page".into()]).unwrap();
        assert_ne!(first, second);
        fs::rename(root.join("src/order/mod.rs"), root.join("src/order/moved.rs")).unwrap();
        assert_ne!(second, of(&root, &["page".into()]).unwrap());
        fs::remove_dir_all(&root).unwrap();
    }
}
