//! What speaks against a recommendation? Signals on keyed hashes, each with weight, verdict and reason.

use serde::{Deserialize, Serialize};

use super::person::Person;
use super::state::Referral;
use super::terms::Terms;
use crate::word::words;

words! {
    /// What was noticed.
    SignalKind as "RecommendationSignalKind" {
        /// Whoever recommends is the friend: the same customer.
        SameCustomer = "same_customer",
        /// The same e-mail address.
        SameEmail = "same_email",
        /// The friend brought, at some distance, the one who recommends.
        Loop = "loop",
        /// Two spellings of one mailbox.
        SameMailbox = "same_mailbox",
        /// The same means of payment.
        SamePayment = "same_payment",
        /// The same telephone number.
        SamePhone = "same_phone",
        /// The same postal address.
        SameAddress = "same_address",
        /// The same device.
        SameDevice = "same_device",
        /// The same beginning of the network address.
        SameNetwork = "same_network",
        /// The friend's mailbox, payment, telephone or device was there before, as another friend of the same one.
        Cycling = "cycling",
        /// The same, with somebody else's friend.
        SeenBefore = "seen_before",
        /// Many friends in a short time.
        Velocity = "velocity",
        /// An e-mail domain that is thrown away.
        Throwaway = "throwaway",
        /// Nobody has said whether the friend is new.
        UnknownHistory = "unknown_history",
    }
}

words! {
    /// What a signal leads to.
    Verdict as "RecommendationVerdict" {
        /// It is refused.
        Refuse = "refuse",
        /// Together with others it may weigh enough for somebody to look at it.
        Review = "review",
    }
}

/// Something that was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationSignal"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signal {
    /// What.
    pub kind: SignalKind,
    /// How much it weighs.
    pub weight: u32,
    /// What it leads to.
    pub verdict: Verdict,
    /// In words, for whoever looks at it. Names nobody.
    pub reason: String,
}

words! {
    /// A property by which two people may turn out to be one.
    Trait as "RecommendationTrait" {
        /// Who receives the e-mail address.
        Mailbox = "mailbox",
        /// The means of payment.
        Payment = "payment",
        /// The telephone number.
        Phone = "phone",
        /// The device.
        Device = "device",
    }
}

/// A property of the friend that another recommendation's friend has, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub of: Trait,
    /// Whether the same one recommended.
    pub same_referrer: bool,
}

/// What the books know of others that bears on this one.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Who brought the one who recommends, who brought that one, and so on.
    pub above: Vec<Person>,
    /// How many friends came on this one's recommendation within the time that is looked at, this one among them.
    pub lately: u32,
    /// Properties that were there before.
    pub seen: Vec<Seen>,
}

impl SignalKind {
    /// The texts of all kinds.
    pub const TEXTS: &'static [&'static str] = <Self as crate::word::Word>::TEXTS;

    /// Whether it refuses, whatever it weighs.
    #[must_use]
    pub const fn refuses(self) -> bool {
        matches!(self, Self::SameCustomer | Self::SameEmail | Self::Loop)
    }

    const fn weight(self) -> u32 {
        match self {
            Self::SameCustomer | Self::SameEmail | Self::Loop | Self::SameMailbox => 100,
            Self::SamePayment | Self::SamePhone | Self::Cycling => 60,
            Self::SameDevice | Self::Velocity | Self::UnknownHistory => 50,
            Self::SameAddress => 40,
            Self::SeenBefore | Self::Throwaway => 30,
            Self::SameNetwork => 10,
        }
    }

    const fn reason(self) -> &'static str {
        match self {
            Self::SameCustomer => "The friend is the customer who recommends.",
            Self::SameEmail => "Friend and customer have the same e-mail address.",
            Self::Loop => "The friend brought the customer who recommends, directly or by others.",
            Self::SameMailbox => "Two spellings of one mailbox: the provider ignores the difference.",
            Self::SamePayment => "Friend and customer paid with the same means.",
            Self::SamePhone => "Friend and customer have the same telephone number.",
            Self::SameAddress => "Friend and customer have the same postal address: one household, or one person.",
            Self::SameDevice => "Friend and customer used the same device.",
            Self::SameNetwork => "Friend and customer came from the same network.",
            Self::Cycling => "Mailbox, payment, telephone or device belong to another friend of the same customer.",
            Self::SeenBefore => "Mailbox, payment, telephone or device belong to somebody else's friend.",
            Self::Velocity => "Many friends in a short time.",
            Self::Throwaway => "The e-mail domain is one of those that are thrown away.",
            Self::UnknownHistory => "Nobody has said whether the friend has ordered before.",
        }
    }
}

/// What speaks against a recommendation, as far as is known.
#[must_use]
pub fn judge(referral: &Referral, terms: &Terms, evidence: &Evidence) -> Vec<Signal> {
    let Some(friend) = &referral.friend else { return Vec::new() };
    let referrer = &referral.referrer;
    let same = |a: Option<&str>, b: Option<&str>| a.is_some() && a == b;
    let of = |of: fn(&Person) -> Option<&str>| same(of(friend), of(referrer));
    let same_email = of(|person| person.email.as_deref());
    let paid = referral.order.as_ref().is_some_and(|order| order.paid_at.is_some());
    let noticed = [
        (SignalKind::SameCustomer, of(|person| person.customer.as_deref())),
        (SignalKind::SameEmail, same_email),
        (SignalKind::Loop, evidence.above.iter().any(|above| above.is(friend))),
        (SignalKind::SameMailbox, !same_email && of(Person::mailbox)),
        (SignalKind::SamePayment, of(|person| person.payment.as_deref())),
        (SignalKind::SamePhone, of(|person| person.phone.as_deref())),
        (SignalKind::SameAddress, of(|person| person.address.as_deref())),
        (SignalKind::SameDevice, of(|person| person.device.as_deref())),
        (SignalKind::SameNetwork, of(|person| person.ip.as_deref())),
        (SignalKind::Cycling, evidence.seen.iter().any(|seen| seen.same_referrer)),
        (SignalKind::SeenBefore, evidence.seen.iter().any(|seen| !seen.same_referrer)),
        (SignalKind::Velocity, evidence.lately > terms.fraud.velocity.friends),
        (SignalKind::Throwaway, friend.throwaway),
        (SignalKind::UnknownHistory, paid && !terms.known_friends && referral.new_friend.is_none()),
    ];
    let weighed = noticed.into_iter().filter(|(_, is)| *is).map(|(kind, _)| Signal {
        kind,
        weight: terms.fraud.weights.get(kind.as_str()).copied().unwrap_or(kind.weight()),
        verdict: if kind.refuses() { Verdict::Refuse } else { Verdict::Review },
        reason: kind.reason().to_owned(),
    });
    weighed.filter(|signal| signal.weight > 0).collect()
}
