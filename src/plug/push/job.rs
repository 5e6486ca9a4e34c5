//! What is to be taken over, and how far has it come? The documents of a push.

use serde::{Deserialize, Serialize};

use crate::code;
use crate::issue::PlatformTerms;
use crate::price::Platform;
use crate::reject::{Code, Error, Result};
use crate::score::stage::Stage;
use crate::score::tier::Tier;
use crate::time::Instant;

/// The version of Shopify's API that the requests are written for, and the one before it, for which they hold too.
pub const SHOPIFY_VERSIONS: [&str; 2] = ["2026-10", "2026-07"];

/// Refusals that are listed; all are counted.
pub(super) const LISTED: usize = 100;

/// What a shop is to take over: codes, facts about customers, the policy; any of them may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushJob {
    /// Version of this document: 1.
    pub v: u32,
    /// The shop's system.
    pub platform: Platform,
    /// The shop's address: `https://tea.myshopify.com`.
    pub shop: String,
    /// The version of Shopify's API; absent, 2026-10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Now: where a discount has to begin and none is said.
    pub now: Instant,
    /// What the codes stand for. Needed with codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<PlatformTerms>,
    /// The codes, spelled as they are printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// Shopware: the sales channels in which the promotion holds; absent, all storefronts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sales_channels: Vec<String>,
    /// Shopware: the pattern by which the administration may make more codes of the promotion, such as `DANKE-%s%d%s%d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What is known of customers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<CustomerFacts>,
    /// Write the tier as a tag of the customer, too.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub tags: bool,
    /// The policy, as `publish` wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// What the shop is told about one of its customers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerFacts {
    /// The shop's id of the account.
    pub customer: String,
    /// The tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// The stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// How many orders there were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<u32>,
    /// The customer's own code for friends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Offers seen on thank-you pages in the last seven days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<u32>,
    /// Objected to advertising.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objected: Option<bool>,
}

/// How far a push has come: kept between runs, so that one that was cut off goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PushProgress {
    /// Version of this document: 1.
    pub v: u32,
    /// The hash of the job: a progress of another one is refused.
    pub job: String,
    /// A request is on its way, and what became of it is not known.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub sending: bool,
    /// The platform's id of the promotion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promotion: Option<String>,
    /// The promotion is as it should be.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub ready: bool,
    /// Codes that are done with, in the order of the job.
    pub codes: usize,
    /// Of them, those that were there already.
    pub present: usize,
    /// Shopify: the codes that are being added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bulk: Option<String>,
    /// Definitions of facts that are done with.
    pub defined: usize,
    /// Customers that are done with, in the order of the job.
    pub facts: usize,
    /// The policy is there.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub policy: bool,
    /// The shop's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Shopware: the sales channels in which the promotion holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sales_channels: Vec<String>,
    /// How many codes and customers were refused.
    pub refused_count: usize,
    /// The first 100 of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<PushRefused>,
}

/// Something that the platform did not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushRefused {
    /// The code's place among the codes of the job, from 0. A code itself is not repeated: a log must not give codes away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<usize>,
    /// The customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Why, in the platform's words or in ours.
    pub why: String,
}

/// What a push has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushReport {
    /// Version of this document: 1.
    pub v: u32,
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the promotion: name it to bring in more codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<String>,
    /// Codes that are in the shop now.
    pub codes: usize,
    /// Of them, those that were there already.
    pub present: usize,
    /// Customers whose facts are in the shop now.
    pub customers: usize,
    /// The policy is there.
    pub policy: bool,
    /// How many codes and customers were refused.
    pub refused_count: usize,
    /// The first 100 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<PushRefused>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum PushStep {
    /// Send this, and hand over the answer.
    Request {
        /// The request.
        request: PushRequest,
    },
    /// Wait.
    Wait {
        /// For so many seconds.
        seconds: u32,
        /// Why.
        why: String,
    },
    /// All is done.
    Done {
        /// What it has come to.
        report: PushReport,
    },
}

/// A request to the shop. Who sends it adds the token and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushRequest {
    /// What it does, in the platform's words.
    pub call: String,
    /// `GET` or `POST`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// JSON; absent with `GET`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// How many codes or customers it is about.
    pub items: usize,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushResponse {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`, where it is a number of seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The body.
    #[serde(default)]
    pub body: String,
}

impl PushJob {
    /// The address without a slash at its end. Tokens travel encrypted, or do not leave the machine.
    pub(super) fn address(&self) -> Result<&str> {
        let url = self.shop.trim_end_matches('/');
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let host = rest.split('/').next().unwrap_or_default();
        let name = host
            .rsplit_once(':')
            .map_or(host, |(name, port)| if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host });
        let here = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
        let clean = !host.is_empty() && !url.contains(['@', '?', '#', ' ', '\\']) && !url.chars().any(char::is_control);
        if clean && (scheme == "https" || (scheme == "http" && here)) {
            return Ok(url);
        }
        Err(Error::at(
            Code::InvalidValue,
            "shop",
            "This is the shop's address, such as https://tea.myshopify.com: with https, because a token travels with every request.",
        ))
    }

    /// Refuses what cannot be pushed as a whole, before anything is sent.
    pub(super) fn check(&self) -> Result<()> {
        let at = |code, path: &str, message: &str| Err(Error::at(code, path, message));
        if self.v != 1 {
            let message = format!("This job has version {}, this release reads version 1.", self.v);
            return at(Code::UnsupportedVersion, "v", &message);
        }
        self.address()?;
        if self.codes.is_empty() && self.facts.is_empty() && self.policy.is_none() {
            return at(Code::Empty, "", "There is nothing to push: name codes, facts or a policy.");
        }
        if let Some(version) = &self.api_version
            && !SHOPIFY_VERSIONS.contains(&version.as_str())
        {
            let message = format!("The requests are written for Shopify's API {}.", SHOPIFY_VERSIONS.join(" and "));
            return at(Code::UnsupportedVersion, "apiVersion", &message);
        }
        let shopware = self.platform == Platform::Shopware;
        if !shopware && !self.sales_channels.is_empty() {
            return at(Code::InvalidValue, "salesChannels", "Only Shopware has sales channels: leave them out.");
        }
        if !shopware && self.pattern.is_some() {
            return at(Code::InvalidValue, "pattern", "Only Shopware has patterns of codes: leave it out.");
        }
        if self.platform == Platform::Woocommerce && self.policy.is_some() {
            let message = "WooCommerce has no place that takes a policy from outside: paste it on WooCommerce → Zugabe, or let the page \
                           load it from an address.";
            return at(Code::InvalidValue, "policy", message);
        }
        if self.platform == Platform::Woocommerce && self.tags {
            return at(Code::InvalidValue, "tags", "Customers have no tags in WooCommerce: leave them out.");
        }
        self.check_terms()?;
        let mut seen = std::collections::HashSet::with_capacity(self.codes.len());
        for (index, code) in self.codes.iter().enumerate() {
            let path = format!("codes[{index}]");
            let sound =
                (1..=64).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
            if !sound {
                return at(Code::InvalidValue, &path, "A code is 1 to 64 letters, digits and dashes.");
            }
            // Platforms compare with every dash and whatever the case; we do not, so two spellings would be one code twice.
            let same = code::parse(code).map_or_else(|_| code.to_ascii_uppercase(), |code| code.canonical());
            if !seen.insert(same) {
                return at(Code::Contradiction, &path, "This code stands here twice: it could be redeemed twice.");
            }
        }
        for (index, facts) in self.facts.iter().enumerate() {
            if !self.is_customer(&facts.customer) {
                let message = match self.platform {
                    Platform::Shopify | Platform::Woocommerce => "A customer's id in this shop is a number.",
                    Platform::Shopware => "A customer's id in Shopware is 32 hexadecimal digits in lower case.",
                };
                return at(Code::InvalidValue, &format!("facts[{index}].customer"), message);
            }
        }
        Ok(())
    }

    fn check_terms(&self) -> Result<()> {
        let at = |code, path: &str, message: &str| Err(Error::at(code, path, message));
        match &self.terms {
            None if !self.codes.is_empty() => {
                at(Code::MissingField, "terms", "What do the codes stand for? Name the promotion.")
            }
            Some(terms) if terms.platform != self.platform => {
                at(Code::Contradiction, "terms.platform", "The terms are for another platform than the job.")
            }
            _ => Ok(()),
        }?;
        match &self.pattern {
            Some(pattern) => super::pattern::check(pattern, 1, self.codes.len() as u64),
            None => Ok(()),
        }
    }

    fn is_customer(&self, id: &str) -> bool {
        match self.platform {
            Platform::Shopify | Platform::Woocommerce => {
                (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
            }
            Platform::Shopware => is_shopware_id(id),
        }
    }
}

pub(super) fn is_shopware_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
