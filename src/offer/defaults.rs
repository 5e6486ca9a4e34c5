//! What holds when the merchant says nothing? Where, when and for whom each kind is meant.

use crate::offer::words::{Channel, Kind, Moment};
use crate::score::stage::Stage;

const JOY: &[Moment] =
    &[Moment::OrderCompleted, Moment::ParcelPacked, Moment::Delivered, Moment::Anniversary, Moment::FeedbackReceived];
const BUYERS: &[Stage] = &[Stage::FirstBuyer, Stage::Relationship, Stage::Vip, Stage::Dormant];
const FROM_LEAD: &[Stage] =
    &[Stage::Lead, Stage::Follower, Stage::FirstBuyer, Stage::Relationship, Stage::Vip, Stage::Dormant];
const EVERYBODY: &[Stage] = &[
    Stage::Interested,
    Stage::Lead,
    Stage::Follower,
    Stage::FirstBuyer,
    Stage::Relationship,
    Stage::Vip,
    Stage::Dormant,
];

/// The moments a kind is for: moments of joy, physical things only when the parcel is packed.
pub(super) const fn moments(kind: Kind) -> &'static [Moment] {
    match kind {
        Kind::Sample | Kind::HapticGift => &[Moment::ParcelPacked],
        Kind::Thanks | Kind::ServiceContact => Moment::ALL,
        Kind::Brand => &[Moment::VisitEnded, Moment::OrderCompleted],
        Kind::Info | Kind::Story | Kind::Insight | Kind::Guide => &[
            Moment::OrderCompleted,
            Moment::ParcelPacked,
            Moment::Shipped,
            Moment::Delivered,
            Moment::ContentConsumed,
            Moment::Anniversary,
            Moment::NewsletterConfirmed,
        ],
        Kind::Invitation => &[Moment::OrderCompleted, Moment::Delivered],
        Kind::Feedback => &[Moment::Delivered],
        _ => JOY,
    }
}

/// The channels a kind is for: pages promise only what cannot run out.
pub(super) const fn channels(kind: Kind) -> &'static [Channel] {
    match kind {
        Kind::Sample | Kind::HapticGift => &[Channel::Parcel],
        Kind::Invitation | Kind::Exchange => &[Channel::Page],
        _ => &[Channel::Page, Channel::Parcel, Channel::Email],
    }
}

/// The stages a kind is for.
pub(super) const fn stages(kind: Kind) -> &'static [Stage] {
    match kind {
        Kind::Event | Kind::HapticGift | Kind::CeoLine => &[Stage::Vip],
        Kind::Info | Kind::Story | Kind::Insight | Kind::Guide | Kind::Checklist | Kind::Course | Kind::Ebook => {
            FROM_LEAD
        }
        Kind::Thanks | Kind::ServiceContact | Kind::Brand | Kind::Invitation | Kind::Exchange | Kind::Service => {
            EVERYBODY
        }
        Kind::Freemium | Kind::Trial => FROM_LEAD,
        _ => BUYERS,
    }
}

/// How early a kind is chosen for a stage and channel; smaller is earlier, equal ones share by weight. Gifts stand
/// before money: a discount is never the implicit choice. In a parcel, what can be held stands first; for VIPs, what
/// only they get; for first buyers, what goes with their purchase.
pub(super) const fn preference(kind: Kind, stage: Stage, channel: Channel) -> u32 {
    match kind {
        Kind::Event | Kind::CeoLine | Kind::HapticGift if matches!(stage, Stage::Vip) => 0,
        Kind::Sample | Kind::HapticGift if matches!(channel, Channel::Parcel) => 1,
        Kind::Accessory | Kind::Partner if matches!(stage, Stage::FirstBuyer) => 1,
        Kind::Ebook | Kind::Checklist | Kind::Guide | Kind::Course | Kind::Insight | Kind::Story => 2,
        Kind::Service => 3,
        Kind::Zugabe | Kind::Event | Kind::CeoLine | Kind::HapticGift | Kind::Sample => 4,
        Kind::Accessory | Kind::Partner | Kind::Freemium | Kind::Trial => 5,
        Kind::Info => 6,
        Kind::Discount => 7,
        Kind::Exchange => 8,
        _ => 9,
    }
}
