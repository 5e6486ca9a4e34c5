//! How is a change written down? As one operation of the books.

use serde_json::json;

use super::decide::{EVER, Written, scope};
use crate::books::{Action, BooksOperation, Count, Link, Recommendation, RewardGrant};
use crate::canonical;
use crate::referral::{Effect, Grant, Person, Referral, Side, State, Trait};
use crate::reject::Result;

pub(super) fn operation(written: &Written<'_>) -> Result<BooksOperation> {
    let Written { call, version, before, change, unique, standing } = written;
    let it = &change.referral;
    let referrer = it.referrer.name().unwrap_or_default();
    let grants: Vec<&Grant> = change
        .effects
        .iter()
        .filter_map(|effect| if let Effect::Grant { grant } = effect { Some(grant) } else { None })
        .collect();
    let claw_back = change.effects.iter().find_map(|effect| match effect {
        Effect::ClawBack { reason, .. } => Some(reason.as_str().to_owned()),
        _ => None,
    });
    let mut links: Vec<Link> = unique
        .iter()
        .map(|(kind, value, was)| Link { kind: (*kind).to_owned(), value: value.clone(), was: Some(was.clone()) })
        .collect();
    links.extend(found_by(it, before.filter(|_| *version > 0)));
    for grant in &grants {
        if let (Side::Step, Some(friends)) = (grant.side, grant.friends) {
            links.push(Link { kind: "step".to_owned(), value: format!("{referrer} {friends}"), was: None });
        }
    }
    let action = Action::Referral(Box::new(Recommendation {
        referral: it.id.clone(),
        version: *version,
        state: it.state.as_str().to_owned(),
        reason: it.reason.map(|reason| reason.as_str().to_owned()).unwrap_or_default(),
        code: it.code.clone(),
        referrer: referrer.clone(),
        friend: it.friend.as_ref().and_then(Person::name).unwrap_or_default(),
        order: it.order.as_ref().map(|order| order.id.clone()).unwrap_or_default(),
        look_at: it.look_at(&call.terms),
        document: canonical::text(it)?,
        links,
        counts: counts(it, *before, standing.map(|standing| (standing.rewarded, standing.in_period)), &referrer)?,
        grants: grants.into_iter().map(|grant| handed_out(it, grant, &referrer, written)).collect::<Result<_>>()?,
        claw_back,
        flagged: change.effects.contains(&Effect::Flag),
    }));
    let operation = BooksOperation { v: 1, tenant: call.tenant.clone(), key: None, now: call.now, action };
    operation.check()?;
    Ok(operation)
}

/// Links of which there may be many, as far as they are new.
fn found_by(it: &Referral, before: Option<&Referral>) -> Vec<Link> {
    let all = |it: &Referral| {
        let mut links = vec![("referrer", it.referrer.name().unwrap_or_default()), ("code", it.code.clone())];
        if let Some(friend) = &it.friend {
            let traits = [
                (Trait::Mailbox, friend.mailbox()),
                (Trait::Payment, friend.payment.as_deref()),
                (Trait::Phone, friend.phone.as_deref()),
                (Trait::Device, friend.device.as_deref()),
            ];
            links.extend(traits.into_iter().filter_map(|(of, value)| Some((of.as_str(), value?.to_owned()))));
        }
        links
    };
    // A code that was passed on has brought nobody yet.
    if it.state == State::Shared {
        return vec![Link { kind: "shared".to_owned(), value: it.referrer.name().unwrap_or_default(), was: None }];
    }
    let old = before.map(all).unwrap_or_default();
    let new = all(it).into_iter().filter(|link| !old.contains(link));
    new.map(|(kind, value)| Link { kind: kind.to_owned(), value, was: None }).collect()
}

/// One friend more is rewarded, or one less.
fn counts(
    it: &Referral,
    before: Option<&Referral>,
    standing: Option<(i64, i64)>,
    referrer: &str,
) -> Result<Vec<Count>> {
    let was = before.and_then(|before| before.period.as_deref());
    let (period, more) = match (was, it.period.as_deref()) {
        (None, Some(period)) => (period, true),
        (Some(period), _) if it.state == State::Reversed => (period, false),
        _ => return Ok(Vec::new()),
    };
    let (rewarded, in_period) = standing.unwrap_or_default();
    let count = |name: &str, was: i64| -> Result<Count> {
        Ok(Count { scope: scope(name)?, who: referrer.to_owned(), was: more.then_some(was) })
    };
    let mut counts = vec![count(EVER, rewarded)?];
    if period != EVER {
        counts.push(count(period, in_period)?);
    }
    Ok(counts)
}

fn handed_out(it: &Referral, grant: &Grant, referrer: &str, written: &Written<'_>) -> Result<RewardGrant> {
    let friend = it.friend.as_ref().and_then(Person::name).unwrap_or_default();
    let who = if grant.side == Side::Friend { &friend } else { referrer };
    let cost = grant.what.cost();
    let body = json!({
        "reward": grant.reward, "referral": it.id, "code": it.code, "side": grant.side, "who": who, "what": grant.what,
        "order": it.order.as_ref().map(|order| order.id.as_str()).unwrap_or_default(), "amount": cost,
    });
    Ok(RewardGrant {
        reward: grant.reward.clone(),
        who: who.to_owned(),
        amount: cost,
        budget: written.call.terms.budget.clone().filter(|_| cost > 0),
        body: canonical::text(&body)?,
    })
}
