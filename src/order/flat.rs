//! How do the histories of millions of customers fit into little memory? A table of flat rows in parts by customer: what
//! grows are the local days on which a customer bought, never the orders.
//!
//! It says the same as [`Histories`](super::history::Histories) of the same orders; a test compares the two. It holds
//! less: sales and returns that carry a customer, an instant and an amount, without refunds, states and names.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::base::{Base, Days, Room, Seen};
use super::history::{EARLIEST, First, HistoryPolicy, Month, SameDay, ZeroAmounts};
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::reject::Result;
use crate::run::Run;
use crate::time::Instant;
use crate::time::zone::DayCut;

/// Parts of the table. Work is shared by part, and the part that is worked on fits into a processor's cache.
pub(crate) const PARTS: usize = 256;

/// Purchases that wait unsorted in a part before they are put in order.
const WAITING: usize = 1 << 13;

/// Ids of up to this many bytes are their own key.
const PACKED: usize = 8;

/// Customers of a part are numbered in this many bits; the rest tells the part.
const NUMBER_BITS: u32 = 24;

/// One order, as the table takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// See [`Taken::key`].
    pub key: u64,
    /// Seconds since 1970.
    pub at: u32,
    /// Minor units.
    pub amount: u32,
    /// Where the id stands in the block, and how long it is; 0 for nobody.
    pub start: u32,
    pub length: u8,
    /// Money went back.
    pub returned: bool,
    /// After the end of the observation: the customer is known by it and nothing else.
    pub later: bool,
}

impl Taken {
    /// What an id is found by: a short id itself, padded with zeros so that it sorts like its bytes, or a hash of a long
    /// one.
    pub fn key(id: &[u8]) -> u64 {
        let word = |bytes: &[u8]| {
            let mut padded = [0; PACKED];
            padded[..bytes.len()].copy_from_slice(bytes);
            u64::from_be_bytes(padded)
        };
        if id.len() <= PACKED { word(id) } else { digest(id) }
    }

    /// Which part an order with this key belongs to.
    #[allow(clippy::cast_possible_truncation)] // The upper 8 of 64 bits.
    pub const fn part(key: u64) -> usize {
        (spread(key) >> 56) as usize
    }
}

/// Bits of a key, spread: the upper ones depend on all.
const fn spread(key: u64) -> u64 {
    (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A hash of bytes, for lookups only: whoever finds an equal one compares the bytes.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    let mut hash = 0x51_7c_c1_b7_27_22_0a_95_u64 ^ bytes.len() as u64;
    for word in bytes.chunks(8) {
        let mut padded = [0; 8];
        padded[..word.len()].copy_from_slice(word);
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(padded)).wrapping_mul(0x2545_f491_4f6c_dd1d);
        hash ^= hash >> 29;
    }
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (hash >> 32)
}

/// One customer but for her days: one line of a processor's cache.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct Who {
    key: u64,
    /// Where a long id stands in the part's text.
    text: u32,
    length: u8,
    orders: u32,
    purchases: u32,
    returns: u32,
    revenue: Minor,
    returned: Minor,
    /// The first purchase: its day or its second, how many orders it is, and what they came to.
    first: u32,
    first_orders: u32,
    first_revenue: Minor,
    last_at: u32,
}

/// Customers with the same upper bits of the hash.
#[derive(Debug, Default)]
struct Part {
    /// Open addressing: a customer's number + 1 per slot, 0 where free.
    slots: Vec<u32>,
    who: Vec<Who>,
    texts: Vec<u8>,
    /// Seconds of purchases by customer, in order: the earliest of each, and then one for each further day.
    sorted: Vec<u32>,
    /// Where in `sorted` each customer ends.
    ends: Vec<u32>,
    /// Customer and second of those that came since.
    fresh: Vec<u64>,
}

/// The table.
pub struct Flat {
    policy: HistoryPolicy,
    cut: DayCut,
    currency: Currency,
    parts: Vec<Mutex<Part>>,
    sealed: Vec<Part>,
    /// Part and number of every customer.
    list: Vec<u32>,
    nobody: (Who, Room),
    /// Customers, those known by later orders alone included.
    known: u64,
    last_at: Option<Instant>,
    months: BTreeMap<i64, Month>,
}

impl Part {
    fn add(&mut self, one: &Taken, block: &[u8], policy: &HistoryPolicy, cut: &DayCut) {
        let number = self.number(one, block);
        let who = &mut self.who[number as usize];
        if one.later {
            return;
        }
        who.orders = who.orders.saturating_add(1);
        let amount = Minor::from(one.amount);
        if one.returned {
            who.returns = who.returns.saturating_add(1);
            who.returned = (who.returned + amount).min(MAX_MINOR);
            return;
        }
        if amount == 0 && policy.zero_amounts == ZeroAmounts::LeaveOut {
            return;
        }
        let first = match policy.same_day {
            SameDay::Merge => u32::try_from(cut.day(instant(one.at)).number()).unwrap_or(0),
            SameDay::Keep => one.at,
        };
        if who.purchases == 0 || first < who.first {
            (who.first, who.first_orders, who.first_revenue) = (first, 1, amount);
        } else if first == who.first {
            who.first_orders = who.first_orders.saturating_add(1);
            who.first_revenue = (who.first_revenue + amount).min(MAX_MINOR);
        }
        who.purchases = who.purchases.saturating_add(1);
        who.revenue = (who.revenue + amount).min(MAX_MINOR);
        who.last_at = who.last_at.max(one.at);
        self.fresh.push(u64::from(number) << 32 | u64::from(one.at));
    }

    /// The number of the customer with this id; a new one when it was not seen before.
    fn number(&mut self, one: &Taken, block: &[u8]) -> u32 {
        if self.who.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = slot(one.key, mask);
        while let Some(number) = self.slots[slot].checked_sub(1) {
            let who = &self.who[number as usize];
            if who.key == one.key && who.length == one.length && self.same_text(who, one, block) {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        let number = u32::try_from(self.who.len()).unwrap_or(u32::MAX);
        self.slots[slot] = number.saturating_add(1);
        let text = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        if usize::from(one.length) > PACKED {
            self.texts.extend_from_slice(id(one, block));
        }
        self.who.push(Who::new(one.key, text, one.length));
        number
    }

    fn same_text(&self, who: &Who, one: &Taken, block: &[u8]) -> bool {
        let length = usize::from(who.length);
        length <= PACKED || self.texts.get(who.text as usize..who.text as usize + length) == Some(id(one, block))
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(64)];
        let mask = self.slots.len() - 1;
        for (number, who) in (1..).zip(&self.who) {
            let mut slot = slot(who.key, mask);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number;
        }
    }

    /// Puts what waits in order. Of a customer's purchases the earliest stay one by one, of the rest one for each local
    /// day: whatever comes later, no more is needed of them.
    fn settle(&mut self, cut: &DayCut) {
        // Where each customer's fresh ones go: counted, and then put in place.
        let mut places = vec![0_u32; self.who.len() + 1];
        for entry in &self.fresh {
            places[customer(*entry) + 1] += 1;
        }
        for at in 1..places.len() {
            places[at] += places[at - 1];
        }
        let mut fresh = vec![0_u32; self.fresh.len()];
        for entry in &self.fresh {
            let place = &mut places[customer(*entry)];
            fresh[*place as usize] = low(*entry);
            *place += 1;
        }
        self.fresh = Vec::new();
        let old = core::mem::take(&mut self.sorted);
        let ends = core::mem::take(&mut self.ends);
        self.sorted.reserve_exact(old.len() + fresh.len());
        self.ends.reserve_exact(self.who.len());
        let (mut from, mut old_from) = (0_usize, 0_usize);
        for (number, end) in places.iter().take(self.who.len()).enumerate() {
            let new = &mut fresh[from..*end as usize];
            new.sort_unstable();
            let old_end = ends.get(number).map_or(old_from, |end| *end as usize);
            merge_days(&old[old_from..old_end], new, cut, &mut self.sorted);
            self.ends.push(u32::try_from(self.sorted.len()).unwrap_or(u32::MAX));
            (from, old_from) = (*end as usize, old_end);
        }
    }

    fn seal(&mut self, cut: &DayCut) {
        self.settle(cut);
        self.slots = Vec::new();
        self.sorted.shrink_to_fit();
    }

    /// A customer's purchases, as far as they are remembered one by one.
    fn purchases(&self, number: usize) -> &[u32] {
        let bound = |place: usize| self.ends.get(place).map_or(self.sorted.len(), |end| *end as usize);
        let from = number.checked_sub(1).map_or(0, bound);
        self.sorted.get(from..bound(number)).unwrap_or_default()
    }

    /// A customer's days and earliest purchases.
    fn gather(&self, number: usize, wanted: Days, cut: &DayCut, room: &mut Room) {
        let purchases = self.purchases(number);
        room.days.clear();
        room.earliest.clear();
        room.earliest.extend(purchases.iter().take(EARLIEST).map(|at| instant(*at)));
        let mut add = |at: &u32| {
            let day = cut.day(instant(*at));
            if room.days.last() != Some(&day) {
                room.days.push(day);
            }
        };
        match (wanted, purchases) {
            (Days::Ends, [first, .., last]) => {
                add(first);
                add(last);
            }
            _ => purchases.iter().for_each(add),
        }
    }

    /// The id of a customer.
    fn id<'a>(&'a self, who: &Who, packed: &'a mut [u8; PACKED]) -> &'a [u8] {
        let length = usize::from(who.length);
        if length > PACKED {
            return self.texts.get(who.text as usize..who.text as usize + length).unwrap_or_default();
        }
        *packed = who.key.to_be_bytes();
        &packed[..length]
    }
}

impl Who {
    const fn new(key: u64, text: u32, length: u8) -> Self {
        Self {
            key,
            text,
            length,
            orders: 0,
            purchases: 0,
            returns: 0,
            revenue: 0,
            returned: 0,
            first: 0,
            first_orders: 0,
            first_revenue: 0,
            last_at: 0,
        }
    }

    fn seen<'a>(&self, room: &'a Room) -> Seen<'a> {
        let some = self.purchases > 0;
        Seen {
            orders: self.orders,
            purchases: self.purchases,
            returns: self.returns,
            revenue: self.revenue,
            returned: self.returned,
            refunded: 0,
            costed: 0,
            cost: 0,
            days: &room.days,
            first: some.then_some(First {
                key: self.first.into(),
                orders: self.first_orders,
                revenue: self.first_revenue,
                refunded: 0,
            }),
            earliest: &room.earliest,
            last_at: some.then(|| instant(self.last_at)),
            name: None,
        }
    }
}

/// Two sorted lists of one customer's purchases as one, of which the earliest are kept and one for each further day.
fn merge_days(mut a: &[u32], mut b: &[u32], cut: &DayCut, out: &mut Vec<u32>) {
    let begin = out.len();
    let mut day = None;
    loop {
        let next = match (a, b) {
            ([one, rest @ ..], [other, ..]) if one <= other => {
                a = rest;
                *one
            }
            (_, [other, rest @ ..]) => {
                b = rest;
                *other
            }
            ([one, rest @ ..], []) => {
                a = rest;
                *one
            }
            ([], []) => return,
        };
        let kept = out.len() - begin;
        if kept < EARLIEST - 1 {
            out.push(next);
            continue;
        }
        let on = Some(cut.day(instant(next)));
        if kept < EARLIEST || on != day {
            out.push(next);
        }
        day = on;
    }
}

#[allow(clippy::cast_possible_truncation)] // The upper half is what is asked for.
const fn customer(entry: u64) -> usize {
    (entry >> 32) as usize
}

fn instant(at: u32) -> Instant {
    Instant::from_unix(at.into())
}

#[allow(clippy::cast_possible_truncation)] // The lower half is what is asked for.
const fn low(entry: u64) -> u32 {
    entry as u32
}

#[allow(clippy::cast_possible_truncation)] // Held by the mask.
const fn slot(key: u64, mask: usize) -> usize {
    (spread(key) >> 16) as usize & mask
}

fn id<'a>(one: &Taken, block: &'a [u8]) -> &'a [u8] {
    let start = one.start as usize;
    block.get(start..start + usize::from(one.length)).unwrap_or_default()
}

impl Flat {
    /// An empty table.
    ///
    /// # Errors
    /// Those of [`HistoryPolicy::day_cut`].
    pub(crate) fn new(policy: &HistoryPolicy, currency: Currency) -> Result<Self> {
        Ok(Self {
            policy: policy.clone(),
            cut: policy.day_cut()?,
            currency,
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            sealed: Vec::new(),
            list: Vec::new(),
            nobody: (Who::new(0, 0, 0), Room::default()),
            known: 0,
            last_at: None,
            months: BTreeMap::new(),
        })
    }

    /// Adds what several readers took from one block, each part's in the order of the readers. Which thread does what
    /// changes nothing.
    pub(crate) fn add<R: Run>(&self, taken: &[Vec<Vec<Taken>>], block: &[u8], run: &R) {
        run.map(PARTS, |index| {
            let mut part = self.parts[index].lock().unwrap_or_else(PoisonError::into_inner);
            for one in taken.iter().filter_map(|reader| reader.get(index)).flatten() {
                part.add(one, block, &self.policy, &self.cut);
            }
            if part.fresh.len() >= WAITING.max(part.sorted.len() / 2) {
                part.settle(&self.cut);
            }
        });
    }

    /// Adds what is told of the shop as a whole.
    pub(crate) fn note(&mut self, month: i64, purchases: u32, revenue: Minor) {
        let sum = self.months.entry(month).or_default();
        sum.purchases = sum.purchases.saturating_add(purchases);
        sum.revenue = sum.revenue.saturating_add(revenue).min(MAX_MINOR);
    }

    /// The latest order that counts.
    pub(crate) fn until(&mut self, at: Instant) {
        self.last_at = self.last_at.max(Some(at));
    }

    /// No more comes: numbers the customers. `sorted` numbers them in the order of their ids (by bytes), which takes a
    /// moment; otherwise the order is any, and always the same.
    pub(crate) fn seal<R: Run>(&mut self, sorted: bool, run: &R) {
        let parts = core::mem::take(&mut self.parts);
        self.sealed = run.map(parts.len(), |index| {
            let mut part = core::mem::take(&mut *parts[index].lock().unwrap_or_else(PoisonError::into_inner));
            part.seal(&self.cut);
            part
        });
        self.known = self.sealed.iter().map(|part| part.who.len() as u64).sum();
        let mut list = Vec::with_capacity(usize::try_from(self.known).unwrap_or(0));
        for (index, part) in self.sealed.iter().enumerate() {
            for (number, who) in part.who.iter().enumerate() {
                if who.length == 0 {
                    let mut room = Room::default();
                    part.gather(number, Days::All, &self.cut, &mut room);
                    self.nobody = (who.clone(), room);
                    self.known -= 1;
                } else if who.orders > 0 {
                    list.push(u32::try_from(index << NUMBER_BITS | number).unwrap_or(u32::MAX));
                }
            }
        }
        self.list = if sorted { self.by_id(&list, run) } else { list };
    }

    /// Sorts customers by their ids: pieces on their own, then merged two by two.
    fn by_id<R: Run>(&self, list: &[u32], run: &R) -> Vec<u32> {
        const PIECE: usize = 1 << 15;
        // The first bytes decide almost always.
        let entry = |place: u32| {
            let (part, number) = split(place);
            let (part, mut packed) = (&self.sealed[part], [0; PACKED]);
            let id = part.id(&part.who[number], &mut packed);
            (Taken::key(&id[..id.len().min(PACKED)]), place)
        };
        let order = |a: &(u64, u32), b: &(u64, u32)| a.0.cmp(&b.0).then_with(|| self.compare(a.1, b.1));
        let mut pieces = run.map(list.len().div_ceil(PIECE), |index| {
            let some = &list[index * PIECE..list.len().min((index + 1) * PIECE)];
            let mut piece: Vec<(u64, u32)> = some.iter().map(|place| entry(*place)).collect();
            piece.sort_unstable_by(order);
            piece
        });
        while pieces.len() > 1 {
            pieces = run.map(pieces.len().div_ceil(2), |index| match pieces.get(2 * index..2 * index + 2) {
                Some([one, other]) => merged(one, other, order),
                _ => pieces[2 * index].clone(),
            });
        }
        pieces.pop().unwrap_or_default().into_iter().map(|(_, place)| place).collect()
    }

    fn compare(&self, one: u32, other: u32) -> core::cmp::Ordering {
        let ((part_a, a), (part_b, b)) = (split(one), split(other));
        let (mut packed_a, mut packed_b) = ([0; PACKED], [0; PACKED]);
        let (part_a, part_b) = (&self.sealed[part_a], &self.sealed[part_b]);
        part_a.id(&part_a.who[a], &mut packed_a).cmp(part_b.id(&part_b.who[b], &mut packed_b))
    }

    /// How many purchases the table remembers one by one: of each customer the earliest, and one for each further day.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.sealed.iter().map(|part| part.sorted.len()).sum()
    }

    /// Customers, those known by later orders alone included.
    pub(crate) const fn known(&self) -> u64 {
        self.known
    }
}

const fn split(place: u32) -> (usize, usize) {
    ((place >> NUMBER_BITS) as usize, (place & ((1 << NUMBER_BITS) - 1)) as usize)
}

fn merged<T: Copy>(mut one: &[T], mut other: &[T], order: impl Fn(&T, &T) -> core::cmp::Ordering) -> Vec<T> {
    let mut out = Vec::with_capacity(one.len() + other.len());
    while let ([a, rest_a @ ..], [b, rest_b @ ..]) = (one, other) {
        if order(a, b).is_le() {
            out.push(*a);
            one = rest_a;
        } else {
            out.push(*b);
            other = rest_b;
        }
    }
    out.extend_from_slice(one);
    out.extend_from_slice(other);
    out
}

impl Base for Flat {
    fn policy(&self) -> &HistoryPolicy {
        &self.policy
    }

    fn day_cut(&self) -> &DayCut {
        &self.cut
    }

    fn currency(&self) -> Option<Currency> {
        self.last_at.map(|_| self.currency)
    }

    fn last_at(&self) -> Option<Instant> {
        self.last_at
    }

    fn months(&self) -> &BTreeMap<i64, Month> {
        &self.months
    }

    fn anonymous(&self) -> Seen<'_> {
        self.nobody.0.seen(&self.nobody.1)
    }

    fn count(&self) -> usize {
        self.list.len()
    }

    fn look<T>(&self, number: usize, days: Days, room: &mut Room, look: impl FnOnce(&str, &Seen<'_>) -> T) -> T {
        let (part, number) = split(self.list[number]);
        let part = &self.sealed[part];
        let who = &part.who[number];
        part.gather(number, days, &self.cut, room);
        let mut packed = [0; PACKED];
        let id = core::str::from_utf8(part.id(who, &mut packed)).unwrap_or_default();
        look(id, &who.seen(room))
    }
}
