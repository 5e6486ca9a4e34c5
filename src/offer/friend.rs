//! What does the friend read who was recommended to us?

use serde::{Deserialize, Serialize};

use crate::code::{self, CodeVerdict};
use crate::insert::Locale;
use crate::insert::template::fill;
use crate::map::Map;
use crate::offer::policy::Policy;
use crate::offer::say::{shop_value, term};
use crate::offer::words::Kind;
use crate::time::Instant;

/// A friend's visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FriendRequest {
    /// Version of this document: 1.
    pub v: u32,
    /// Now.
    pub now: Instant,
    /// The friend's language as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locale: String,
    /// The code as it came with the link or was typed.
    pub code: String,
}

/// What the friend reads. A code is only checked for typing errors here: whether it is live, the shop says at checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FriendOffer {
    /// Version of this document: 1.
    pub v: u32,
    /// Hash of the policy.
    pub policy: String,
    /// The language of its texts.
    pub locale: Locale,
    /// Whether the code is typed right.
    pub verdict: CodeVerdict,
    /// The code, twelve symbols without dashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code in groups of four.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_code: Option<String>,
    /// Whether the recommendation no longer holds.
    pub expired: bool,
    /// Headline.
    pub headline: String,
    /// Who gives what; or what is wrong with the code.
    pub body: String,
    /// Conditions in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// The shop's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Wording for buttons and notices.
    pub labels: Map<String>,
}

/// Answers a friend. Reads nothing but the code and the clock.
#[must_use]
pub fn friend(policy: &Policy, request: &FriendRequest) -> FriendOffer {
    let locale = policy.locale(&request.locale);
    let checked = code::check(&request.code);
    let terms = policy.options.iter().find(|option| option.kind == Kind::Referral).and_then(|o| o.terms.as_ref());
    let ends = terms.and_then(|terms| terms.until).map_or(policy.expires_at, |until| until.min(policy.expires_at));
    let expired = request.now > ends;
    let say = |key: &str| {
        policy.texts.get(locale.as_str()).and_then(|texts| texts.get(key)).map(|template| {
            fill(template, &|key: &str| {
                terms
                    .and_then(|terms| term(terms, key, locale, policy.shop.currency))
                    .or_else(|| shop_value(&policy.shop, key))
            })
        })
    };
    let good = checked.verdict == CodeVerdict::Ok && !expired;
    let body = match checked.verdict {
        CodeVerdict::Ok if expired => say("friend.expired"),
        CodeVerdict::Ok => say("friend.body").filter(|text| !text.is_empty()).or_else(|| say("friend.body_plain")),
        CodeVerdict::Length => say("friend.length"),
        CodeVerdict::Symbol => say("friend.symbol"),
        CodeVerdict::Typo | CodeVerdict::Unknown => say("friend.typo"),
    };
    FriendOffer {
        v: 1,
        policy: policy.hash.clone(),
        locale,
        verdict: checked.verdict,
        code: checked.code.filter(|_| good),
        shown_code: checked.shown_code.filter(|_| good),
        expired,
        headline: say("friend.headline").unwrap_or_default(),
        body: body.unwrap_or_default(),
        conditions: good.then(|| say("friend.conditions")).flatten().filter(|text| !text.is_empty()),
        url: policy.shop.url.clone(),
        labels: policy
            .texts
            .get(locale.as_str())
            .into_iter()
            .flat_map(Map::iter)
            .filter_map(|(key, text)| key.strip_prefix("label.").map(|name| (name.to_owned(), text.clone())))
            .collect(),
    }
}
