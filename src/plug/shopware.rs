//! How do a Shopware shop and the app's server come to know each other? The registration handshake: both prove that they
//! know the app's secret, and the shop gets a secret of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::signature::{Secret, SignatureText, refused, sign, verify};
use super::webhook::{FRESH, header};
use crate::order::import::json::Object;
use crate::reject::{Code, Error, Result};
use crate::time::Instant;

/// The shop asks to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShopwareRegistration {
    /// Version of this document: 1.
    pub v: u32,
    /// What stands behind the `?` of the address, as it came.
    pub query: String,
    /// The headers of the request; names in any case.
    pub headers: BTreeMap<String, String>,
    /// The app's name, as the manifest has it.
    pub app: String,
    /// The app's secret; two while it is exchanged. The first one proves who we are.
    pub secrets: Vec<Secret>,
    /// Now.
    pub now: Instant,
    /// The secret of the shop, when it is registered already: it has to sign, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Secret>,
    /// Take registrations again that the shop's own secret does not sign (Shopware before 6.7.3 does not).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub trust_app_secret: bool,
}

/// Who asks to be registered, and what proves to the shop that we may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShopwareRegistered {
    /// The shop's id.
    pub shop: String,
    /// Its address, without a slash at the end.
    pub url: String,
    /// What the answer says in `proof`.
    pub proof: String,
}

/// The shop confirms, and tells how it may be spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShopwareConfirmation {
    /// Version of this document: 1.
    pub v: u32,
    /// The headers of the request; names in any case.
    pub headers: BTreeMap<String, String>,
    /// The secret that the shop was given when it asked; absent when it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Secret>,
    /// The secret it had before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Secret>,
    /// As in the registration.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub trust_app_secret: bool,
}

/// How the shop may be spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShopwareConfirmed {
    /// The shop's id.
    pub shop: String,
    /// The name to log in with at its Admin API.
    pub api_key: String,
    /// The secret to log in with.
    pub secret_key: Secret,
}

/// Verifies a registration.
///
/// # Errors
/// `bad_signature`, in the same words whatever does not hold; `unsupported_version`.
pub fn shopware_register(request: &ShopwareRegistration) -> Result<ShopwareRegistered> {
    version(request.v)?;
    let signature = |name: &str| header(&request.headers, name).unwrap_or_default();
    // Shopware signs the query as it writes it; whoever passes it on may have written some letters as %xx.
    let plain = percent_decoded(&request.query);
    let holds = |secrets: &[Secret], given: &str| {
        let raw = verify(secrets, request.query.as_bytes(), given, SignatureText::Hex);
        verify(secrets, plain.as_bytes(), given, SignatureText::Hex) | raw
    };
    let app = holds(&request.secrets, signature("shopware-app-signature"));
    let own = signature("shopware-shop-signature");
    let shop = match &request.known {
        Some(secret) if !(request.trust_app_secret && own.is_empty()) => holds(core::slice::from_ref(secret), own),
        _ => true,
    };
    let field = |name: &str| parameter(&request.query, name);
    let sent = field("timestamp").and_then(|text| text.parse().ok()).map(Instant::from_unix);
    let fresh = sent.is_some_and(|sent| request.now.since(sent).abs() <= FRESH);
    match (field("shop-id"), field("shop-url"), request.secrets.first()) {
        (Some(id), Some(url), Some(secret)) if app && shop && fresh && !id.is_empty() && is_address(&url) => {
            let proof = sign(secret.bytes(), format!("{id}{url}{}", request.app).as_bytes(), SignatureText::Hex);
            Ok(ShopwareRegistered { shop: id, url: url.trim_end_matches('/').to_owned(), proof })
        }
        _ => Err(refused()),
    }
}

/// Verifies a confirmation over the bytes of its body.
///
/// # Errors
/// `bad_signature`, in the same words whatever does not hold; `unsupported_version`; for a signed body without what is
/// needed, `missing_field`.
pub fn shopware_confirm(request: &ShopwareConfirmation, body: &[u8]) -> Result<ShopwareConfirmed> {
    version(request.v)?;
    let signed = |secret: &Option<Secret>, name: &str| {
        let given = header(&request.headers, name).unwrap_or_default();
        verify(secret.as_slice(), body, given, SignatureText::Hex)
    };
    let pending = signed(&request.pending, "shopware-shop-signature");
    let named = header(&request.headers, "shopware-shop-signature-previous").is_some();
    let before = signed(&request.known, "shopware-shop-signature-previous")
        || request.known.is_none()
        || (request.trust_app_secret && !named);
    if !(pending && before) {
        return Err(refused());
    }
    let text = core::str::from_utf8(body).map_err(|_| Error::new(Code::InvalidJson, "This is not UTF-8 text."))?;
    let object = Object::parse(text, String::new())?;
    let field = |name: &str| {
        let text = object.text(name).map(String::from);
        text.ok_or_else(|| Error::at(Code::MissingField, name, "The shop's confirmation does not have this."))
    };
    Ok(ShopwareConfirmed {
        shop: field("shopId")?,
        api_key: field("apiKey")?,
        secret_key: Secret::new(field("secretKey")?),
    })
}

fn version(v: u32) -> Result<()> {
    if v == 1 {
        return Ok(());
    }
    let message = format!("This request has version {v}, this release reads version 1.");
    Err(Error::at(Code::UnsupportedVersion, "v", message))
}

/// An address that a shop can have. Shops on a developer's machine have no certificate.
fn is_address(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@'))
}

/// A parameter of a query, decoded.
fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (percent_decoded(key) == name).then(|| percent_decoded(value))
    })
}

/// `%3A` is a colon; what is no text afterwards stays as it was.
fn percent_decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "shop-id=KIPf0Fz6BUkN&shop-url=http://my.shop.com&timestamp=1800000000";

    fn registration(query: &str, signed: &str) -> ShopwareRegistration {
        let mac = sign(b"app-secret", signed.as_bytes(), SignatureText::Hex);
        ShopwareRegistration {
            v: 1,
            query: query.to_owned(),
            headers: [("Shopware-App-Signature".to_owned(), mac)].into(),
            app: "MyExampleApp".to_owned(),
            secrets: vec![Secret::new("app-secret".to_owned())],
            now: Instant::from_unix(1_800_000_100),
            known: None,
            trust_app_secret: false,
        }
    }

    fn refusal(request: &ShopwareRegistration) -> Code {
        shopware_register(request).unwrap_err().code
    }

    #[test]
    fn a_signed_registration_gets_the_proof_that_shopware_computes() {
        let registered = shopware_register(&registration(QUERY, QUERY)).unwrap();
        assert_eq!((registered.shop.as_str(), registered.url.as_str()), ("KIPf0Fz6BUkN", "http://my.shop.com"));
        let proof = sign(b"app-secret", b"KIPf0Fz6BUkNhttp://my.shop.comMyExampleApp", SignatureText::Hex);
        assert_eq!(registered.proof, proof);
        let encoded = QUERY.replace(':', "%3A").replace('/', "%2F");
        assert!(shopware_register(&registration(&encoded, QUERY)).is_ok(), "encoded on the way");
        let more = format!("{QUERY}&sw-version=6.7.4.0");
        assert!(shopware_register(&registration(&more, &more)).is_ok(), "more parameters than we know");
    }

    #[test]
    fn whatever_does_not_hold_is_refused_in_the_same_words() {
        let good = registration(QUERY, QUERY);
        let mut cases = vec![registration(&QUERY.replace("my.shop", "evil.shop"), QUERY)];
        cases.push(ShopwareRegistration { headers: BTreeMap::new(), ..good.clone() });
        cases.push(ShopwareRegistration { secrets: vec![Secret::new("other".to_owned())], ..good.clone() });
        cases.push(ShopwareRegistration { now: Instant::from_unix(1_800_000_301), ..good.clone() });
        cases.push(ShopwareRegistration { now: Instant::from_unix(1_799_999_699), ..good.clone() });
        cases.push(ShopwareRegistration { secrets: Vec::new(), ..good.clone() });
        for query in [
            "shop-id=&shop-url=http://a.b&timestamp=1800000000",
            "shop-id=a&shop-url=ftp://a.b&timestamp=1800000000",
            "",
        ] {
            cases.push(registration(query, query));
        }
        for case in &cases {
            assert_eq!(shopware_register(case).unwrap_err(), refused(), "{case:?}");
        }
    }

    #[test]
    fn a_known_shop_has_to_sign_with_its_own_secret_too() {
        let mut again = registration(QUERY, QUERY);
        again.known = Some(Secret::new("shop-secret".to_owned()));
        assert_eq!(refusal(&again), Code::BadSignature, "the app's secret alone must not take over a shop");
        let mac = |secret: &[u8]| sign(secret, QUERY.as_bytes(), SignatureText::Hex);
        again.headers.insert("shopware-shop-signature".to_owned(), mac(b"another"));
        assert_eq!(refusal(&again), Code::BadSignature);
        again.trust_app_secret = true;
        assert_eq!(refusal(&again), Code::BadSignature, "a signature that is there must hold");
        again.headers.insert("shopware-shop-signature".to_owned(), mac(b"shop-secret"));
        assert!(shopware_register(&again).is_ok());
        again.headers.remove("shopware-shop-signature");
        assert!(shopware_register(&again).is_ok(), "an older Shopware, on request");
    }

    #[test]
    fn a_confirmation_is_signed_with_the_secret_that_was_handed_out() {
        let body = br#"{"apiKey":"SWIA","secretKey":"c2VjcmV0","timestamp":"1800000001","shopUrl":"http://my.shop.com","shopId":"KIPf0Fz6BUkN"}"#;
        let mac = |secret: &[u8]| sign(secret, body, SignatureText::Hex);
        let mut request = ShopwareConfirmation {
            v: 1,
            headers: [("shopware-shop-signature".to_owned(), mac(b"pending"))].into(),
            pending: Some(Secret::new("pending".to_owned())),
            known: None,
            trust_app_secret: false,
        };
        let confirmed = shopware_confirm(&request, body).unwrap();
        assert_eq!((confirmed.shop.as_str(), confirmed.api_key.as_str()), ("KIPf0Fz6BUkN", "SWIA"));
        assert_eq!(shopware_confirm(&request, &body[1..]).unwrap_err(), refused());
        request.known = Some(Secret::new("before".to_owned()));
        assert_eq!(shopware_confirm(&request, body).unwrap_err(), refused());
        request.headers.insert("shopware-shop-signature-previous".to_owned(), mac(b"before"));
        assert!(shopware_confirm(&request, body).is_ok());
        request.pending = None;
        assert_eq!(shopware_confirm(&request, body).unwrap_err(), refused(), "nobody asked before");
    }
}
