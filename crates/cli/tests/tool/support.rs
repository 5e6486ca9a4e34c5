//! Runs the built tool in a folder of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Standard output as one JSON document.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// Standard output as one JSON document a line.
    pub fn lines(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The error, which must be the only thing on standard error, and nothing on standard output.
    pub fn error(&self) -> Value {
        assert_eq!(self.out, "", "a failure writes nothing to standard output");
        let failure: Value = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {}", self.err));
        let fields: Vec<&String> = failure["error"].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["code", "message", "path"]);
        failure["error"].clone()
    }

    /// Asserts a failure with this exit code, error code and path.
    #[track_caller]
    pub fn refused(&self, exit: i32, code: &str, path: &str) {
        let error = self.error();
        assert_eq!(
            (self.code, error["code"].as_str(), error["path"].as_str()),
            (exit, Some(code), Some(path)),
            "{error}"
        );
    }
}

/// A folder to run in.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Writes a file that only its owner may read.
    pub fn write_secret(&self, name: &str, text: &str) -> PathBuf {
        let path = self.write(name, text);
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// Every file, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// Runs with a text on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        self.run_in(args, input, &[])
    }

    /// Runs with a text on standard input and variables in the environment.
    pub fn run_in(&self, args: &[&str], input: &str, environment: &[(&str, &str)]) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_zugabe"))
            .args(args)
            .envs(environment.iter().copied())
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A key file with a known secret, and the code it gives for batch 7, serial 123456.
pub const KEYS: &str = r#"{"v":1,"slots":[{"kid":0,"state":"active","secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}]}"#;

/// Canonical orders, one a line.
pub fn orders() -> String {
    let order = |id: &str, customer: Option<&str>, at: &str, total: i64| {
        let mut order = serde_json::json!({
            "v": 1, "id": id, "source": "csv", "createdAt": format!("{at}T10:00:00Z"), "status": "paid",
            "currency": "EUR", "subtotal": total, "total": total, "lineCount": 1,
        });
        if let Some(customer) = customer {
            order["customer"] = serde_json::json!({ "id": customer });
        }
        format!("{order}\n")
    };
    [
        order("1", Some("anna"), "2025-01-10", 4000),
        order("2", Some("anna"), "2025-05-10", 5000),
        order("3", Some("anna"), "2025-09-10", 6000),
        order("5", Some("=bela"), "2025-09-20", 1500),
        order("4", None, "2025-09-12", 2500),
    ]
    .concat()
}

/// The vectors of the core.
pub fn vectors(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
