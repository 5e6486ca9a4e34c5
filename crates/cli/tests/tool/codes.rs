//! `zugabe keys`, `zugabe mint` and `zugabe verify`.

use crate::support::{Folder, KEYS, orders};

#[test]
fn codes_are_minted_and_verified_with_a_key_file() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let minted = folder.run(&["mint", "--keys", "keys.json", "--batch", "7", "--start", "123456", "--count", "3"]);
    let codes = minted.lines();
    assert_eq!(codes.len(), 3);
    assert_eq!(
        codes[0],
        serde_json::json!({ "code": "03VC1S2Q4HX0", "shownCode": "03VC-1S2Q-4HX0", "batch": 7, "serial": 123_456 })
    );
    let done: serde_json::Value = serde_json::from_str(&minted.err).unwrap();
    assert_eq!(done["nextStart"], codes[2]["serial"].as_u64().unwrap() + 1);

    let verdicts = folder.run(&["verify", "--keys", "keys.json", "03vc 1s2q 4hx0", "03VC1S2Q4HX1", "short"]).lines();
    assert_eq!(verdicts[0], serde_json::json!({ "verdict": "ok", "batch": 7, "serial": 123_456, "kid": 0 }));
    assert_eq!(verdicts[1], serde_json::json!({ "verdict": "typo" }));
    assert_eq!(verdicts[2], serde_json::json!({ "verdict": "length" }));
}

#[test]
fn codes_to_verify_may_come_from_standard_input() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let verdicts = folder.run_with(&["verify", "--keys", "keys.json"], "03VC1S2Q4HX0\r\n\n03VC1S2Q4HX1\n").lines();
    assert_eq!((&verdicts[0]["verdict"], &verdicts[1]["verdict"]), (&"ok".into(), &"typo".into()));
    assert_eq!(verdicts.len(), 2);
}

#[test]
fn every_purchase_gets_a_code_the_earliest_first() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    folder.write("orders.ndjson", &orders());
    let ran =
        folder.run(&["mint", "--keys", "keys.json", "--batch", "1", "--for", "orders.ndjson", "--out", "codes.ndjson"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let text = folder.read("codes.ndjson");
    let codes: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = codes.iter().map(|code| code["order"].as_str().unwrap()).collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
    assert_eq!(codes[0]["customer"], "anna");
    assert!(codes[3].get("customer").is_none(), "a guest's order gets a code too");
}

#[test]
fn a_batch_that_runs_out_writes_nothing() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let args = ["mint", "--keys", "keys.json", "--batch", "1", "--start", "1048570", "--count", "100"];
    folder.run(&args).refused(2, "out_of_range", "count");
    folder.run(&[&args[..], &["--out", "codes.ndjson"]].concat()).refused(2, "out_of_range", "count");
    folder.run(&["mint", "--keys", "keys.json", "--batch", "4096", "--count", "1"]).refused(2, "out_of_range", "batch");
    assert_eq!(folder.files(), ["keys.json"]);
}

#[test]
fn new_keys_differ_are_for_their_owner_only_and_never_overwrite() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["keys", "new", "--out", "keys.json"]).code, 0);
    let first = folder.read("keys.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path("keys.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    folder.run(&["keys", "new", "--out", "keys.json"]).refused(1, "invalid_state", "keys.json");
    assert_eq!(folder.read("keys.json"), first);
    assert_eq!(folder.files(), ["keys.json"]);
    let second = folder.run(&["keys", "new"]).out;
    assert_ne!(first, second);
    assert_eq!(folder.run(&["mint", "--keys", "keys.json", "--batch", "0", "--count", "1"]).code, 0);
}

#[test]
fn a_broken_key_file_is_refused_without_a_word_of_its_content() {
    let folder = Folder::new();
    folder.write_secret("keys.json", &KEYS.replace("0001020304", "zz01020304"));
    let ran = folder.run(&["verify", "--keys", "keys.json", "03VC1S2Q4HX0"]);
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains("01020304"), "{}", ran.err);
    assert!(ran.error()["path"].as_str().unwrap().starts_with("keys"));
}

#[test]
fn keys_rotate_in_place_old_codes_still_verify_and_nothing_secret_is_shown() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let overview = folder.run(&["keys", "rotate", "--keys", "keys.json"]).json();
    assert_eq!(overview["slots"][0]["state"], "verify_only");
    assert_eq!(overview["slots"][1]["state"], "active");
    let text = folder.read("keys.json");
    assert_eq!(folder.run(&["keys", "show", "--keys", "keys.json"]).json(), overview);
    let keys: serde_json::Value = serde_json::from_str(&text).unwrap();
    for slot in keys["slots"].as_array().unwrap() {
        assert!(!overview.to_string().contains(slot["secret"].as_str().unwrap()));
    }
    let verdict = folder.run(&["verify", "--keys", "keys.json", "03VC1S2Q4HX0"]).json();
    assert_eq!(verdict["verdict"], "ok");
    let minted = folder.run(&["mint", "--keys", "keys.json", "--batch", "8", "--count", "1"]).json();
    let code = minted["code"].as_str().unwrap();
    assert_eq!(folder.run(&["verify", "--keys", "keys.json", code]).json()["kid"], 1);
    assert_eq!(folder.files(), ["keys.json"]);
}

#[test]
fn keys_come_from_the_environment_too_as_a_file_s_text_or_as_one_master_secret() {
    let folder = Folder::new();
    let secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    for value in [KEYS, secret, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"] {
        let variable = [("SHOP_KEYS", value)];
        let args = ["mint", "--keys", "env:SHOP_KEYS", "--batch", "7", "--start", "123456", "--count", "1"];
        assert_eq!(folder.run_in(&args, "", &variable).json()["code"], "03VC1S2Q4HX0");
        let shown = folder.run_in(&["keys", "show", "--keys", "env:SHOP_KEYS"], "", &variable);
        assert_eq!(shown.json()["slots"][0]["state"], "active");
        assert!(!shown.out.contains("0102") && !shown.out.contains("AAEC"), "{}", shown.out);
        let verdict = folder.run_in(&["verify", "--keys", "env:SHOP_KEYS", "03VC1S2Q4HX0"], "", &variable);
        assert_eq!(verdict.json()["verdict"], "ok");
    }
    folder.write_secret("secret", &format!("{secret}\n"));
    assert_eq!(folder.run(&["verify", "--keys", "secret", "03VC1S2Q4HX0"]).json()["serial"], 123_456);
    let ran = folder.run_with(&["verify", "--keys", "-", "03VC1S2Q4HX0"], KEYS);
    assert_eq!(ran.json()["verdict"], "ok", "and from standard input");

    folder.run(&["keys", "show", "--keys", "env:NO_SUCH_KEYS"]).refused(2, "not_found", "env:NO_SUCH_KEYS");
    folder.run(&["keys", "show", "--keys", "env:"]).refused(2, "invalid_value", "env:");
    folder.run_in(&["keys", "rotate", "--keys", "env:K"], "", &[("K", KEYS)]).refused(2, "invalid_value", "--keys");
    let marked = "marked-marked-marked-marked-marked-marked-m";
    let ran = folder.run_in(&["keys", "show", "--keys", "env:K"], "", &[("K", &format!("{marked}!"))]);
    ran.refused(2, "invalid_keys", "keys");
    assert!(!ran.err.contains("marked-"), "{}", ran.err);
    assert_eq!(folder.files(), ["secret"]);
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_touch_is_refused_with_the_command_that_helps() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.write_secret("keys.json", KEYS);
    let verify = || folder.run(&["verify", "--keys", "keys.json", "03VC1S2Q4HX0"]);
    for mode in [0o640, 0o604, 0o644, 0o620, 0o666, 0o601] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let ran = verify();
        ran.refused(2, "invalid_keys", "keys.json");
        assert!(ran.err.contains("chmod 600 keys.json"), "{mode:o}: {}", ran.err);
        let rotated = folder.run(&["keys", "rotate", "--keys", "keys.json"]);
        rotated.refused(2, "invalid_keys", "keys.json");
        assert_eq!(folder.read("keys.json"), KEYS);
    }
    for mode in [0o600, 0o400] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(verify().json()["verdict"], "ok", "{mode:o}");
    }
}

#[test]
fn a_range_goes_on_where_the_last_minting_ended() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let mint = |start: &str, count: &str| {
        folder.run(&["mint", "--keys", "keys.json", "--batch", "3", "--start", start, "--count", count])
    };
    let whole = mint("0", "500");
    let first = mint("0", "137");
    let done: serde_json::Value = serde_json::from_str(&first.err).unwrap();
    let rest = mint(&done["nextStart"].to_string(), "363");
    assert_eq!(whole.out, first.out.clone() + &rest.out);
    assert_eq!(whole.err.replace("500", "363"), rest.err, "and both end at the same serial");
}

#[test]
fn short_codes_that_could_be_guessed_are_refused_with_the_way_out() {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let args = ["mint", "--keys", "keys.json", "--batch", "3", "--format", "c10", "--count"];
    folder.run(&[&args[..], &["10001"]].concat()).refused(2, "out_of_range", "count");
    assert_eq!(folder.run(&[&args[..], &["3"]].concat()).lines().len(), 3);
}

#[test]
fn link_tokens_are_verified_beside_codes() {
    let folder = Folder::new();
    folder.write_secret("keys.json", &KEYS.replace("\"kid\":0", "\"kid\":3"));
    let token = "EQMAAAAqAAAHW80VAbqBQAABKdHNAB_yBGPygcBdLrs4gQ";
    let at = |now: &str| folder.run(&["--now", now, "verify", "--keys", "keys.json", token]).json();
    assert_eq!(at("2025-01-01T00:00:00Z")["serial"], 123_456_789);
    assert_eq!(at("2026-01-01T00:00:00Z"), serde_json::json!({ "verdict": "unknown" }), "it has expired");
}
