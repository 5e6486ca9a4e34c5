//! How is it written down how far a recommendation has come? One row that changes only from the version that was read,
//! with everything that follows from it in the same transaction.

use serde::{Deserialize, Serialize};

use super::operation::{UNLIMITED, amount, id};
use super::plan::{About, Desk, Moves, subject};
use super::rewards;
use super::step::{Comparison, Step, Topic, Value, Verb};
use super::words::{Refusal, Table};
use crate::canonical;
use crate::money::{MAX_MINOR, Minor};
use crate::reject::{Code, Error, Result};
use crate::time::Instant;

/// Longest text of a recommendation: signals and orders make it no longer than this.
const MAX_DOCUMENT: usize = 1 << 16;

/// A recommendation as it is now, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksRecommendation"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recommendation {
    /// Its id.
    pub referral: String,
    /// The version that was read; 0 where there was none.
    pub version: i64,
    /// How far it has come.
    pub state: String,
    /// Why, where there is a reason; otherwise empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The code that was passed on, canonical.
    pub code: String,
    /// Who recommends: `c:` and the customer, or `e:` and the hash.
    pub referrer: String,
    /// Who was recommended, likewise; empty while nobody was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub friend: String,
    /// The friend's order; empty before there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub order: String,
    /// When time alone changes it; absent, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Instant>,
    /// All of it, as canonical JSON.
    pub document: String,
    /// By what it is found from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Counters that change with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Count>,
    /// Rewards that are granted with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<RewardGrant>,
    /// Why all rewards for its order are taken back; absent, they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claw_back: Option<String>,
    /// Somebody has to look at it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub flagged: bool,
}

/// A way to find a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksLink"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    /// Kind of link, such as `friend`.
    pub kind: String,
    /// By what it is found.
    pub value: String,
    /// There is one such link and no second: the recommendation it led to when it was read, empty where it led to none.
    /// Absent, there may be many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// A counter that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksCount"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Count {
    /// What is counted.
    pub scope: String,
    /// For whom.
    pub who: String,
    /// What it was when it was read, for 1 more; absent, it is 1 less, whatever it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<i64>,
}

/// A reward that is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksRewardGrant"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewardGrant {
    /// Its id.
    pub reward: String,
    /// Who gets it: `c:` and the customer, or `e:` and the hash.
    pub who: String,
    /// What it costs, in minor units.
    pub amount: Minor,
    /// Out of which budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    /// What whoever hands it out is told, as canonical JSON.
    pub body: String,
}

impl Recommendation {
    pub(super) fn check(&self) -> Result<()> {
        for (path, text) in
            [("referral", &self.referral), ("state", &self.state), ("code", &self.code), ("referrer", &self.referrer)]
        {
            id(path, text)?;
        }
        for (path, text) in [("reason", &self.reason), ("friend", &self.friend), ("order", &self.order)] {
            if !text.is_empty() {
                id(path, text)?;
            }
        }
        if !(0..MAX_MINOR).contains(&self.version) {
            return Err(Error::at(Code::InvalidValue, "version", "A version is counted from 1; 0 is a new one."));
        }
        if self.document.len() > MAX_DOCUMENT {
            return Err(Error::at(Code::TooLarge, "document", "A recommendation has 65,536 bytes at most."));
        }
        for (index, link) in self.links.iter().enumerate() {
            let at = |field: &str| format!("links[{index}].{field}");
            id(&at("kind"), &link.kind).and_then(|()| id(&at("value"), &link.value))?;
        }
        for (index, count) in self.counts.iter().enumerate() {
            let at = |field: &str| format!("counts[{index}].{field}");
            id(&at("scope"), &count.scope).and_then(|()| id(&at("who"), &count.who))?;
            amount(&at("was"), count.was.unwrap_or(0))?;
        }
        for (index, grant) in self.grants.iter().enumerate() {
            let at = |field: &str| format!("grants[{index}].{field}");
            id(&at("reward"), &grant.reward).and_then(|()| id(&at("who"), &grant.who))?;
            amount(&at("amount"), grant.amount)?;
            grant.budget.as_deref().map_or(Ok(()), |budget| id(&at("budget"), budget))?;
        }
        if self.order.is_empty() && (self.claw_back.is_some() || !self.grants.is_empty()) {
            return Err(Error::at(Code::MissingField, "order", "Rewards are for an order: name it."));
        }
        Ok(())
    }
}

pub(super) fn referral(desk: &Desk<'_>, it: &Recommendation) -> Result<Vec<Step>> {
    let mut steps = vec![row(desk, it)];
    steps.extend(it.links.iter().map(|link| found_by(desk, it, link)));
    for grant in &it.grants {
        steps.push(
            desk.step("reward", Verb::Insert, Table::Reward, [("reward", grant.reward.as_str().into())])
                .values([
                    ("state", "granted".into()),
                    ("referral", it.referral.as_str().into()),
                    ("order_id", it.order.as_str().into()),
                    ("customer", grant.who.as_str().into()),
                    ("amount", grant.amount.into()),
                    ("budget", (&grant.budget).into()),
                    ("reason", "".into()),
                    ("created_at", desk.now.into()),
                    ("updated_at", desk.now.into()),
                ])
                .or(Refusal::AlreadyDefined),
        );
    }
    let mut back =
        it.claw_back.as_deref().map(|reason| rewards::claw_back(desk, &it.order, reason)).unwrap_or_default();
    // Rewards before counters before budgets, as everywhere.
    let rest = back.split_off(back.len().min(1));
    steps.extend(back);
    steps.extend(it.counts.iter().map(|count| counted(desk, count)));
    for grant in &it.grants {
        let Some(budget) = &grant.budget else { continue };
        steps.push(
            desk.step("budget", Verb::Update, Table::Budget, [("budget", budget.as_str().into())])
                .add([("available", (-grant.amount).into()), ("spent", grant.amount.into())])
                .only("available", Comparison::AtLeast, grant.amount)
                .or(Refusal::Stale),
        );
    }
    steps.extend(rest);
    steps.extend(written_down(desk, it)?);
    Ok(steps)
}

/// The row itself: inserted where there was none, changed where it is as it was read.
fn row(desk: &Desk<'_>, it: &Recommendation) -> Step {
    let key = [("referral", Value::text(&it.referral))];
    let columns = [
        ("state", it.state.as_str().into()),
        ("reason", it.reason.as_str().into()),
        ("code", it.code.as_str().into()),
        ("referrer", it.referrer.as_str().into()),
        ("friend", it.friend.as_str().into()),
        ("order_id", it.order.as_str().into()),
        ("look_at", it.look_at.map_or(UNLIMITED, |at| at.unix()).into()),
        ("document", it.document.as_str().into()),
        ("updated_at", desk.now.into()),
    ];
    let step = if it.version == 0 {
        desk.step("referral", Verb::Insert, Table::Referral, key)
            .values(columns)
            .values([("version", 1.into()), ("created_at", desk.now.into())])
    } else {
        desk.step("referral", Verb::Update, Table::Referral, key)
            .set(columns)
            .add([("version", 1.into())])
            .only_in("version", vec![it.version.into()])
    };
    step.or(Refusal::Stale)
}

fn found_by(desk: &Desk<'_>, it: &Recommendation, link: &Link) -> Step {
    let slot = if link.was.is_some() { "" } else { &it.referral };
    let key = [("kind", Value::text(&link.kind)), ("value", Value::text(&link.value)), ("slot", Value::text(slot))];
    let columns = [
        ("referral", Value::text(&it.referral)),
        ("referrer", Value::text(&it.referrer)),
        ("at", Value::from(desk.now)),
    ];
    match link.was.as_deref() {
        // It may be there from before: then it says the same.
        None => desk.step("link", Verb::Insert, Table::ReferralLink, key).values(columns),
        Some("") => desk.step("link", Verb::Insert, Table::ReferralLink, key).values(columns).or(Refusal::Stale),
        Some(was) => desk
            .step("link", Verb::Update, Table::ReferralLink, key)
            .set(columns)
            .only_in("referral", vec![was.into()])
            .or(Refusal::Stale),
    }
}

fn counted(desk: &Desk<'_>, count: &Count) -> Step {
    let key = [("scope_id", Value::text(&count.scope)), ("who", Value::text(&count.who))];
    match count.was {
        Some(was) => desk
            .step("counted", Verb::Upsert, Table::CustomerUse, key)
            .values([("used", 1.into())])
            .add([("used", 1.into())])
            .only_in("used", vec![was.into()])
            .or(Refusal::Stale),
        None => desk
            .step("counted", Verb::Update, Table::CustomerUse, key)
            .add([("used", (-1).into())])
            .only("used", Comparison::AtLeast, 1)
            .or(Refusal::BooksBroken),
    }
}

/// The entries, and what others are told.
fn written_down(desk: &Desk<'_>, it: &Recommendation) -> Result<Vec<Step>> {
    let about = || About {
        code: it.code.as_str().into(),
        customer: it.friend.as_str().into(),
        referrer: it.referrer.as_str().into(),
        order: it.order.as_str().into(),
        referral: it.referral.as_str().into(),
        ..About::default()
    };
    let still = || Moves::uses([0; 5], 0);
    let version = (it.version + 1).to_string();
    let of = subject(&[&it.referral, &version])?;
    let reason = if it.reason.is_empty() { it.state.clone() } else { format!("{}/{}", it.state, it.reason) };
    let mut steps =
        vec![desk.entry("referral", of.as_str(), About { reason: reason.as_str().into(), ..about() }, still())];
    for count in &it.counts {
        let about = About {
            scope_id: count.scope.as_str().into(),
            customer: count.who.as_str().into(),
            referral: it.referral.as_str().into(),
            ..About::default()
        };
        let by = if count.was.is_some() { 1 } else { -1 };
        let of = subject(&[&it.referral, &version, &count.scope])?;
        steps.push(desk.entry("referral_count", of.as_str(), about, Moves::uses([0; 5], by)));
    }
    for grant in &it.grants {
        let about = About { customer: grant.who.as_str().into(), budget: (&grant.budget).into(), ..about() };
        let spent = if grant.budget.is_some() { grant.amount } else { 0 };
        let money = [0.into(), (-spent).into(), 0.into(), spent.into()];
        steps.push(desk.entry("reward", subject(&[&grant.reward])?, about, still().with(money)));
        steps.push(desk.tell(Topic::RewardDue, grant.reward.as_str(), grant.body.as_str()));
    }
    if it.flagged {
        let body = canonical::text(&serde_json::json!({ "referral": it.referral, "code": it.code }))?;
        steps.push(desk.tell(Topic::Flagged, of.as_str(), body.as_str()));
    }
    Ok(steps)
}
