//! May this option be given here, and if not, what would have to be different? The rules, always in this order:
//! objection, law, consent, moment, caps, stage, the order, stock, code.

use std::borrow::Cow;

use crate::code::{CodeVerdict, check};
use crate::offer::decision::Plain;
use crate::offer::policy::{Policy, PolicyOption};
use crate::offer::request::{Field, Reader};
use crate::offer::words::{Basis, Channel, EmailConsent, Identity, Kind, Moment, Rejection};
use crate::score::stage::Stage;

/// A rule that did not hold.
pub(super) struct Found {
    pub(super) code: Rejection,
    pub(super) field: Cow<'static, str>,
    pub(super) provided: Option<Plain>,
    pub(super) required: Option<Plain>,
}

impl Found {
    pub(super) fn new(code: Rejection, field: Field, provided: Option<Plain>, required: Option<Plain>) -> Self {
        Self { code, field: Cow::Borrowed(field.path()), provided, required }
    }
}

type Verdict = Result<(), Found>;

/// Products with which no money may be given (HWG § 7, BuchPrG §§ 3 and 5, TabStG § 24).
pub(super) const PRICE_BOUND: [&str; 5] = ["rx", "otc", "book_fixed_price", "tobacco", "infant_formula"];

/// The first rule that does not hold, if any.
pub(super) fn first_broken(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    objection(policy, option, reader)?;
    if option.kind == Kind::Thanks {
        return Ok(());
    }
    law(policy, option, reader)?;
    consent(option, reader)?;
    moment(option, reader)?;
    caps(policy, option, reader)?;
    stage(option, reader)?;
    order(policy, option, reader)?;
    stock(option, reader)?;
    code(option, reader)
}

fn fail(
    code: Rejection,
    field: Field,
    provided: impl Into<Option<Plain>>,
    required: impl Into<Option<Plain>>,
) -> Verdict {
    Err(Found::new(code, field, provided.into(), required.into()))
}

fn plain(value: impl Into<Plain>) -> Option<Plain> {
    Some(value.into())
}

/// GDPR Art. 21: an objection ends advertising. Plain thanks and help are none; the same leaflet for everybody
/// processes no data.
fn objection(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if option.kind != Kind::ServiceContact && reader.open_problem() {
        return fail(Rejection::OpenProblem, Field::OpenProblem, plain(true), plain(false));
    }
    let advertising = !matches!(option.kind, Kind::Thanks | Kind::ServiceContact);
    let same_for_all = option.basis == Basis::Unselected && policy.audience == Channel::Parcel;
    if advertising && !same_for_all && reader.objected() {
        return fail(Rejection::Objected, Field::Objected, plain(true), plain(false));
    }
    Ok(())
}

fn law(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if option.kind != Kind::Brand && reader.identity() == Identity::Anonymous {
        return fail(Rejection::BasisNotAllowed, Field::Identity, plain("anonymous"), plain("order"));
    }
    // Marketplace terms forbid own marketing in the parcel; a third party's customer is not ours.
    let source = reader.order_field(Field::OrderSource, |order| order.source.as_deref()).flatten();
    if let Some(foreign @ ("marketplace" | "third_party")) = source {
        return fail(Rejection::LawForbids, Field::OrderSource, plain(foreign.to_owned()), plain("shop"));
    }
    if option.terms.is_some() {
        let tags = reader.order_field(Field::OrderTags, |order| order.tags.as_slice()).unwrap_or_default();
        if let Some(bound) = tags.iter().find(|tag| PRICE_BOUND.contains(&tag.as_str())) {
            return fail(Rejection::LawForbids, Field::OrderTags, plain(bound.clone()), None);
        }
    }
    match policy.audience {
        Channel::Email => match reader.email() {
            None => fail(Rejection::UnknownBasis, Field::Email, None, plain("confirmed")),
            Some(EmailConsent::Confirmed | EmailConsent::ExistingCustomer) => Ok(()),
            Some(other) => fail(Rejection::ConsentMissing, Field::Email, plain(other.as_str()), plain("confirmed")),
        },
        Channel::Phone if !reader.phone() => fail(Rejection::ConsentMissing, Field::Phone, plain(false), plain(true)),
        Channel::Ads | Channel::Social if !reader.ads() => {
            fail(Rejection::ConsentMissing, Field::Ads, plain(false), plain(true))
        }
        _ => Ok(()),
    }
}

fn consent(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if option.basis == Basis::Profile && !reader.profiling() {
        return fail(Rejection::ConsentMissing, Field::Profiling, plain(false), plain(true));
    }
    Ok(())
}

fn moment(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    let moment = reader.moment();
    if option.kind == Kind::ServiceContact {
        // Help is offered when something is wrong, or after a visit that found nothing; never as an offer.
        let called_for = matches!(moment, Moment::Refund | Moment::Delay | Moment::PaymentFailed | Moment::VisitEnded);
        return if called_for || reader.open_problem() {
            Ok(())
        } else {
            fail(Rejection::NotOffered, Field::OpenProblem, plain(false), plain(true))
        };
    }
    let Some(window) = moment.window().filter(|_| option.moments.contains(&moment)) else {
        let wanted = option.moments.first().map(|moment| Plain::from(moment.as_str()));
        return fail(Rejection::NoMoment, Field::MomentType, plain(moment.as_str()), wanted);
    };
    let (at, earliest) = (reader.moment_at(), reader.now().plus(-i64::from(window)));
    if at < earliest {
        return fail(Rejection::MomentExpired, Field::MomentAt, plain(at.to_string()), plain(earliest.to_string()));
    }
    Ok(())
}

fn caps(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if option.kind.is_promotion() {
        let channel = policy.audience.as_str();
        let used = reader.sent(channel);
        if used.is_none_or(|used| used >= policy.caps.per_week) {
            return Err(Found {
                code: Rejection::CapReached,
                field: Cow::Owned(format!("state.sent.{channel}")),
                provided: used.map(Plain::from),
                required: plain(policy.caps.per_week.saturating_sub(1)),
            });
        }
    }
    let prospect = matches!(reader.stage(), Stage::Interested | Stage::Lead | Stage::Follower);
    if prospect && option.kind != Kind::Brand {
        let attempts = reader.attempts();
        let spent = attempts.map_or(option.kind.is_promotion(), |attempts| attempts >= policy.caps.attempts);
        if spent {
            let required = policy.caps.attempts.saturating_sub(1);
            return fail(Rejection::AttemptsExhausted, Field::Attempts, attempts.map(Plain::from), plain(required));
        }
    }
    Ok(())
}

fn stage(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    let stage = reader.stage();
    if option.kind != Kind::ServiceContact && !option.stages.contains(&stage) {
        let code = if option.stages.iter().all(|wanted| *wanted > stage) {
            Rejection::StageTooLow
        } else {
            Rejection::NotOffered
        };
        let wanted = option.stages.first().map(|stage| Plain::from(stage.as_str()));
        return fail(code, Field::Stage, plain(stage.as_str()), wanted);
    }
    if let Some(wanted) = option.min_tier {
        let tier = reader.tier();
        if tier < wanted {
            return fail(Rejection::TierTooLow, Field::Tier, plain(tier.as_str()), plain(wanted.as_str()));
        }
    }
    Ok(())
}

fn order(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    let conditions = &option.conditions;
    if option.kind.is_physical() && !reader.order_field(Field::OrderParcel, |order| order.parcel).unwrap_or(false) {
        let provided = reader.order().map(|order| Plain::from(order.parcel));
        return fail(Rejection::NoParcel, Field::OrderParcel, provided, plain(true));
    }
    if !conditions.tags.is_empty() || !conditions.excluded_tags.is_empty() {
        let tags = reader.order_field(Field::OrderTags, |order| order.tags.as_slice()).unwrap_or_default();
        if let Some(excluded) = tags.iter().find(|tag| conditions.excluded_tags.contains(tag)) {
            return fail(Rejection::ProductExcluded, Field::OrderTags, plain(excluded.clone()), None);
        }
        if !conditions.tags.is_empty() && !tags.iter().any(|tag| conditions.tags.contains(tag)) {
            let wanted = conditions.tags.first().cloned().map(Plain::from);
            return fail(Rejection::ProductNotTagged, Field::OrderTags, plain(tags.join(",")), wanted);
        }
    }
    if !conditions.countries.is_empty() || !conditions.excluded_countries.is_empty() {
        let country = reader.order_field(Field::OrderCountry, |order| order.country.clone()).flatten();
        let inside = country.as_ref().is_some_and(|country| {
            (conditions.countries.is_empty() || conditions.countries.contains(country))
                && !conditions.excluded_countries.contains(country)
        });
        if !inside {
            let wanted = conditions.countries.first().cloned().map(Plain::from);
            return fail(Rejection::CountryExcluded, Field::OrderCountry, country.map(Plain::from), wanted);
        }
    }
    if option.terms.is_some() || conditions.minimum_order.is_some() {
        let currency = reader.order_field(Field::OrderCurrency, |order| order.currency);
        if let Some(other) = currency.filter(|currency| *currency != policy.shop.currency) {
            let wanted = policy.shop.currency.as_str().to_owned();
            let provided = plain(other.as_str().to_owned());
            return fail(Rejection::CurrencyMismatch, Field::OrderCurrency, provided, plain(wanted));
        }
    }
    if let Some(minimum) = conditions.minimum_order {
        let subtotal = reader.order_field(Field::OrderSubtotal, |order| order.subtotal);
        if subtotal.is_none_or(|subtotal| subtotal < minimum) {
            let provided = subtotal.map(Plain::from);
            return fail(Rejection::MinimumOrder, Field::OrderSubtotal, provided, plain(minimum));
        }
    }
    Ok(())
}

fn stock(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if let Some(season) = option.season.as_ref() {
        let today = reader.now().day();
        if !season.holds(today) {
            return fail(Rejection::OutOfSeason, Field::Now, plain(today.to_string()), None);
        }
    }
    if option.stock {
        let left = reader.stock(&option.id);
        if left.is_none_or(|left| left == 0) {
            return Err(Found {
                code: if option.kind == Kind::Service { Rejection::OutOfCapacity } else { Rejection::OutOfStock },
                field: Cow::Owned(format!("state.stock.{}", option.id)),
                provided: left.map(Plain::from),
                required: plain(1_u32),
            });
        }
    }
    Ok(())
}

fn code(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if !option.kind.needs_code() {
        return Ok(());
    }
    let is_referral = option.kind == Kind::Referral;
    let verdict = reader.code(&option.id, is_referral).map(|text| check(text).verdict);
    match verdict {
        Some(CodeVerdict::Ok) => Ok(()),
        verdict => Err(Found {
            code: Rejection::NoCode,
            field: if is_referral {
                Cow::Borrowed(Field::Code.path())
            } else {
                Cow::Owned(format!("{}.{}", Field::Codes.path(), option.id))
            },
            provided: verdict.map(|verdict| Plain::from(verdict.as_str())),
            required: plain("ok"),
        }),
    }
}
