//! How does a reward reach whoever earned it? A code for each discount, once, and the files with which a platform takes
//! them over.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Desk, SettleRequest, referrals, standing};
use crate::books::{Action, Issue, Outcome, Table};
use crate::code::{Format, KeySet, MintRequest, Minted, mint};
use crate::issue::{PlatformTerms, Spelling};
use crate::money::Minor;
use crate::offer::Program;
use crate::price::{Boundary, Conditions, Effect, Limits, Promotion};
use crate::referral::{Grant, Person, Reward, RewardKind, Side, State};
use crate::reject::{Code, Error, Result};
use crate::time::Instant;

/// The campaign that codes for rewards belong to.
pub(super) const CAMPAIGN: &str = "referral-rewards";

/// A reward, and its code where it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RewardCode {
    /// Its id.
    pub reward: String,
    /// The recommendation.
    pub referral: String,
    /// The friend's order.
    pub order: String,
    /// Whose side.
    pub side: Side,
    /// Who gets it.
    pub who: String,
    /// What.
    pub what: Reward,
    /// What it costs, in minor units.
    pub cost: Minor,
    /// The code, twelve symbols without dashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code in groups of four.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_code: Option<String>,
    /// The last instant at which the code holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
}

/// Codes on equal terms, as a platform imports them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RewardFile {
    /// What the codes stand for, such as `referral-referrer`.
    pub promotion: String,
    /// The promotion, where the platform creates it apart from its codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<serde_json::Value>,
    /// The file of codes.
    pub codes: String,
}

/// What a run made.
pub(super) struct Made {
    pub granted: Vec<RewardCode>,
    pub taken_back: Vec<RewardCode>,
    pub files: Vec<RewardFile>,
}

pub(super) fn make(
    desk: &mut Desk,
    before: &BTreeSet<String>,
    program: &Program,
    keys: &KeySet,
    request: &SettleRequest,
) -> Result<Made> {
    let after = standing(&desk.books);
    let mut made = Made { granted: Vec::new(), taken_back: Vec::new(), files: Vec::new() };
    let codes: BTreeMap<String, String> = desk
        .books
        .rows(Table::Claim)
        .filter_map(|row| Some((row["claim"].as_str()?.to_owned(), row["code"].as_str()?.to_owned())))
        .collect();
    // What the platform takes over: promotions by name, with their codes.
    let mut files: BTreeMap<String, (Promotion, Vec<Minted>)> = BTreeMap::new();
    for referral in referrals(&desk.books)? {
        for grant in &referral.granted {
            let was = before.contains(&grant.reward);
            let is = after.contains(&grant.reward) && referral.state == State::Rewarded;
            if was == is {
                continue;
            }
            let friend = || referral.friend.as_ref().and_then(Person::name);
            let who = if grant.side == Side::Friend { friend() } else { referral.referrer.name() }.unwrap_or_default();
            let mut reward = RewardCode {
                reward: grant.reward.clone(),
                referral: referral.id.clone(),
                order: referral.order.as_ref().map(|order| order.id.clone()).unwrap_or_default(),
                side: grant.side,
                who,
                what: grant.what.clone(),
                cost: grant.what.cost(),
                code: codes.get(&grant.reward).cloned(),
                shown_code: None,
                expires_at: None,
            };
            if was {
                if let Some(code) = &reward.code {
                    // A code that was not used yet is of no use from now on.
                    desk.act(Action::Void { code: code.clone() })?;
                }
                made.taken_back.push(reward);
                continue;
            }
            if grant.what.kind == RewardKind::Discount {
                let promotion = promotion(program, grant, request.now)?;
                let minted = code_for(desk, keys, request, program, &reward, &promotion)?;
                reward.code = Some(minted.code.clone());
                reward.shown_code = Some(minted.shown_code.clone());
                reward.expires_at = expiry(program, &promotion)?;
                files.entry(promotion.id.clone()).or_insert_with(|| (promotion, Vec::new())).1.push(minted);
            }
            made.granted.push(reward);
        }
    }
    if let Some(platform) = request.platform {
        for (name, (promotion, codes)) in files {
            let terms = PlatformTerms {
                platform,
                promotion,
                limits: Limits::default(),
                currency: Some(program.shop.currency),
                time_zone: program.shop.time_zone.clone(),
                promotion_id: request.promotion_id.clone(),
            };
            let file = terms.file().map_err(|error| error.under("platform"))?;
            let lines = file.lines(codes.iter().map(|minted| Spelling::Shown.of(minted).to_owned()));
            let codes = lines.fold(String::new(), |text, line| text + &line + "\n");
            made.files.push(RewardFile { promotion: name, terms: file.terms().cloned(), codes });
        }
    }
    Ok(made)
}

/// A new code for a reward, in the books: one for each reward, whatever happens.
fn code_for(
    desk: &mut Desk,
    keys: &KeySet,
    request: &SettleRequest,
    program: &Program,
    reward: &RewardCode,
    promotion: &Promotion,
) -> Result<Minted> {
    let (kid, _) = keys.minting(None)?;
    let batch = format!("c12/{kid}/{}", request.reward_batch);
    loop {
        let lease = Action::Lease { batch: batch.clone(), count: 1, size: i64::from(Format::C12.serials()) };
        let start = desk.act(lease)?.start.and_then(|start| u32::try_from(start).ok()).ok_or_else(|| {
            Error::at(Code::OutOfRange, "rewardBatch", "This batch of codes is used up: name another one.")
        })?;
        let asked = MintRequest { format: Format::C12, kid: None, batch: request.reward_batch, start, count: 1 };
        let minted = mint(keys, &asked).map_err(|error| error.under("rewardBatch"))?;
        // Serials whose code spells something are left out: what was leased for them is lost, and does no harm.
        let Some(minted) = minted.into_iter().find(|minted| minted.serial == start) else { continue };
        let issue = Issue {
            code: minted.code.clone(),
            campaign: CAMPAIGN.to_owned(),
            uses: Some(1),
            per_customer: None,
            scope: None,
            starts_at: None,
            expires_at: expiry(program, promotion)?,
            owner: reward.who.strip_prefix("c:").map(str::to_owned),
            referrer: None,
            referrer_email: None,
            budget: None,
            claim: Some(reward.reward.clone()),
        };
        let answer = desk.act(Action::Issue(issue))?;
        return match (answer.outcome, answer.refusal) {
            (Some(Outcome::Done), _) => Ok(minted),
            _ => Err(Error::new(Code::InvalidState, "The books hold a code for this reward already.")),
        };
    }
}

fn expiry(program: &Program, promotion: &Promotion) -> Result<Option<Instant>> {
    let zone = program.zone()?;
    Ok(promotion.valid_until.as_ref().map(|until| until.end(&zone)))
}

/// What a reward takes off.
fn promotion(program: &Program, grant: &Grant, now: Instant) -> Result<Promotion> {
    let Reward { amount, percent_bp, minimum_order, days, .. } = &grant.what;
    let effect = match (amount, percent_bp) {
        (Some(amount), _) => Effect::Fixed { amount: *amount },
        (None, bp) => Effect::Percent { bp: bp.unwrap_or(0) },
    };
    let side =
        grant.friends.map_or(grant.side.as_str().to_owned(), |friends| format!("{}{friends}", grant.side.as_str()));
    let last = program.zone()?.day(now).plus(i32::from(days.unwrap_or(60)));
    Ok(Promotion {
        id: format!("referral-{side}"),
        code: None,
        currency: Some(program.shop.currency),
        tax_included: None,
        effect,
        conditions: Conditions { min_subtotal: *minimum_order, ..Conditions::default() },
        max_units: None,
        cap: None,
        priority: 0,
        exclusive: false,
        group: None,
        valid_from: None,
        valid_until: Some(Boundary::parse(&last.to_string())?),
    })
}
