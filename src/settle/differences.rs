//! Where do the platform's redemptions and our books not agree? Every difference by name.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::history::{History, person};
use super::whose::Whose;
use crate::books::{Memory, Table};
use crate::desk::ReferralAnswer;
use crate::money::Minor;
use crate::order::Order;
use crate::word::words;

words! {
    /// How they differ.
    DifferenceKind {
        /// A code that is ours in form, and was given to nobody known: to a purchase without a customer, or to none at all.
        NobodysCode = "nobodys_code",
        /// A code for a reward that was never given out.
        NeverIssued = "never_issued",
        /// A code for a reward was used more often than once.
        UsedTwice = "used_twice",
        /// A code for a reward was used by somebody else.
        UsedByOther = "used_by_other",
        /// A code for a reward was used after its last day.
        UsedLate = "used_late",
        /// A code for a reward that was taken back was used.
        UsedAfterTakenBack = "used_after_taken_back",
        /// An order of the books is not in this export, which begins before it.
        OrderMissing = "order_missing",
        /// An order comes to something else than when it was read first.
        TotalChanged = "total_changed",
        /// Less is paid back of an order than when it was read last.
        RefundShrank = "refund_shrank",
        /// An order that was cancelled is not any more.
        CancelWithdrawn = "cancel_withdrawn",
    }
}

/// Something on which orders and books do not agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// How they differ.
    pub kind: DifferenceKind,
    /// The code it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// The order it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    all: BTreeSet<Difference>,
}

impl Found {
    pub fn add(&mut self, kind: DifferenceKind, code: &str, order: Option<&str>) {
        self.all.insert(Difference { kind, code: code.to_owned(), order: order.map(str::to_owned) });
    }

    pub fn finish(self) -> Vec<Difference> {
        self.all.into_iter().collect()
    }

    /// What the export says of an order, beside what the books know of it after they were told.
    pub fn compare(&mut self, order: &Order, refunded: Minor, answer: &ReferralAnswer) {
        let known = answer.referral.as_ref().and_then(|referral| referral.order.as_ref());
        let Some(known) = known.filter(|known| known.id == order.id) else { return };
        let cancelled = order.cancelled_at.is_some() || order.status == crate::order::OrderStatus::Cancelled;
        for (differs, kind) in [
            (known.total != order.total, DifferenceKind::TotalChanged),
            (known.refunded > refunded, DifferenceKind::RefundShrank),
            (known.cancelled_at.is_some() && !cancelled, DifferenceKind::CancelWithdrawn),
        ] {
            if differs {
                self.add(kind, "", Some(&order.id));
            }
        }
    }

    /// Looks at the whole export.
    pub fn look(&mut self, books: &Memory, history: &History<'_>, whose: &Whose) {
        let issued: BTreeMap<&str, _> =
            books.rows(Table::Code).filter_map(|row| Some((row["code"].as_str()?, row))).collect();
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        let mut orders: BTreeSet<&str> = BTreeSet::new();
        for order in history.sales() {
            orders.insert(&order.id);
            if !order.is_purchase() {
                continue;
            }
            for code in whose.codes_of(order).into_iter().filter(|code| whose.is_reward(code)) {
                let Some(row) = issued.get(code.as_str()) else {
                    self.add(DifferenceKind::NeverIssued, &code, Some(&order.id));
                    continue;
                };
                let owner = row["owner"].as_str().unwrap_or_default();
                let names = person(order).names();
                let at = order.created_at.unix();
                let late = row["expires_at"].as_i64().is_some_and(|end| at > end);
                // What was taken back after it was used is no fault of whoever used it.
                let voided = row["revoked"] == 1 && voided_at(books, &code).is_some_and(|since| at > since);
                let times = used.entry(code.clone()).or_default();
                *times += 1;
                for (differs, kind) in [
                    (*times > 1, DifferenceKind::UsedTwice),
                    (!owner.is_empty() && !names.iter().any(|name| name == owner), DifferenceKind::UsedByOther),
                    (late, DifferenceKind::UsedLate),
                    (voided, DifferenceKind::UsedAfterTakenBack),
                ] {
                    if differs {
                        self.add(kind, &code, Some(&order.id));
                    }
                }
            }
        }
        let begins = history.begins().map_or(i64::MAX, |at| at.unix());
        for row in books.rows(Table::ReferralLink).filter(|row| row["kind"] == "order") {
            let (Some(order), Some(at)) = (row["value"].as_str(), row["at"].as_i64()) else { continue };
            if at >= begins && !orders.contains(order) {
                self.add(DifferenceKind::OrderMissing, "", Some(order));
            }
        }
    }
}

/// When a code was made void.
fn voided_at(books: &Memory, code: &str) -> Option<i64> {
    let entry = books.rows(Table::Entry).find(|row| row["kind"] == "void" && row["code"] == code)?;
    entry["at"].as_i64()
}
