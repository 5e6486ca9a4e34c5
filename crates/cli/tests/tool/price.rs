//! `zugabe price` and `zugabe refund`.

use crate::support::{Folder, vectors};

#[test]
fn they_give_the_documents_of_the_vectors() {
    let folder = Folder::new();
    for case in vectors("price.json")["cases"].as_array().unwrap() {
        let ran = folder.run_with(&[case["op"].as_str().unwrap()], &case["input"].to_string());
        match case["expected"].get("error") {
            Some(error) => ran.refused(2, error["code"].as_str().unwrap(), error["path"].as_str().unwrap()),
            None => assert_eq!(ran.json(), case["expected"], "{}", case["name"]),
        }
    }
}

#[test]
fn a_cart_that_cannot_be_right_is_refused_with_its_path() {
    let folder = Folder::new();
    let mut request = vectors("price.json")["cases"][0]["input"].clone();
    request["lines"][0]["unit"] = "dear".into();
    folder.run_with(&["price"], &request.to_string()).refused(2, "invalid_type", "lines[0].unit");
}
