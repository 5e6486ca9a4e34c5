//! Are the primitives the published ones? RFC 4231 (HMAC), RFC 5869 (HKDF), RFC 8032 (Ed25519): the crates we build
//! on, with the features we build them with.

#![allow(clippy::unwrap_used)] // A vector that cannot be read must fail the test.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn counting(from: u8, to: u8) -> Vec<u8> {
    (from..=to).collect()
}

#[test]
fn hmac_sha256_gives_the_tags_of_rfc_4231() {
    let long_text = "This is a test using a larger than block-size key and a larger than block-size data. The key \
                     needs to be hashed before being used by the HMAC algorithm.";
    let cases: [(Vec<u8>, &[u8], &str); 7] = [
        (vec![0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (vec![0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (counting(1, 25), &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (vec![0x0c; 20], b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (vec![0xaa; 131], long_text.as_bytes(), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ];
    for (number, (key, data, tag)) in cases.into_iter().enumerate() {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(data);
        let expected = bytes(tag);
        assert_eq!(mac.finalize().into_bytes()[..expected.len()], expected, "test case {}", number + 1);
    }
}

#[test]
fn hkdf_sha256_gives_the_keys_of_rfc_5869() {
    let cases = [
        (
            vec![0x0b; 22],
            counting(0x00, 0x0c),
            counting(0xf0, 0xf9),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            counting(0x00, 0x4f),
            counting(0x60, 0xaf),
            counting(0xb0, 0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da327560\
             0c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            vec![0x0b; 22],
            Vec::new(),
            Vec::new(),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ];
    for (number, (input, salt, info, key)) in cases.into_iter().enumerate() {
        let expected = bytes(key);
        let mut derived = vec![0; expected.len()];
        Hkdf::<Sha256>::new(Some(&salt), &input).expand(&info, &mut derived).unwrap();
        assert_eq!(derived, expected, "test case {}", number + 1);
    }
}

#[cfg(feature = "ed25519")]
#[test]
fn ed25519_gives_the_signatures_of_rfc_8032() {
    use ed25519_dalek::{Signature, Signer, SigningKey};

    for (secret, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0\
             595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae\
             b4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9\
             716ed28dc027beceea1ec40a",
        ),
    ] {
        let key = SigningKey::from_bytes(&bytes(secret).try_into().unwrap());
        assert_eq!(key.verifying_key().as_bytes()[..], bytes(public));
        assert_eq!(key.sign(&bytes(message)).to_bytes()[..], bytes(signature));
        let signature = Signature::from_slice(&bytes(signature)).unwrap();
        assert!(key.verifying_key().verify_strict(&bytes(message), &signature).is_ok());
    }
}
