//! The command line itself.

use crate::support::{Folder, KEYS, orders};

#[test]
fn a_wrong_command_line_is_an_error_like_any_other() {
    let folder = Folder::new();
    folder.run(&["scroe"]).refused(2, "unknown_field", "scroe");
    folder.run(&["score", "a", "--colour", "red"]).refused(2, "unknown_field", "--colour");
    folder.run(&["score"]).refused(2, "missing_field", "<ORDERS>...");
    folder.run(&["mint", "--keys", "k", "--batch", "one", "--count", "1"]).refused(2, "invalid_value", "--batch");
    folder.run(&["--now", "today", "score", "a"]).refused(2, "invalid_value", "--now");
}

#[test]
fn help_and_version_are_plain_text() {
    let folder = Folder::new();
    let help = folder.run(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("score"));
    assert!(folder.run(&["--version"]).out.starts_with("zugabe "));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = Folder::new();
    folder.run(&["score", "missing.ndjson"]).refused(2, "not_found", "missing.ndjson");
    folder.run(&["verify", "--keys", "missing.json", "x"]).refused(2, "not_found", "missing.json");
    folder.run(&["score", "."]).refused(2, "invalid_value", ".");
}

#[cfg(unix)]
#[test]
fn a_linked_file_is_replaced_where_it_is() {
    let folder = Folder::new();
    folder.write("orders.ndjson", &orders());
    folder.write("real.json", "before");
    std::os::unix::fs::symlink("real.json", folder.path("model.json")).unwrap();
    assert_eq!(folder.run(&["score", "orders.ndjson", "--model-out", "model.json"]).code, 0);
    assert!(std::fs::symlink_metadata(folder.path("model.json")).unwrap().is_symlink());
    assert_eq!(folder.json("real.json")["v"], 1);
}

#[test]
fn whoever_stops_reading_early_is_no_failure() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let script = format!("{} mint --keys keys.json --batch 0 --count 20000 | head -n 1", env!("CARGO_BIN_EXE_zugabe"));
    let output = std::process::Command::new("bash")
        .args(["-o", "pipefail", "-c", &script])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
