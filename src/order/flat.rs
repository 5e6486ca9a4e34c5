//! How do the histories of millions of customers fit into little memory? A table of flat rows in parts by customer: what
//! grows are the local days on which a customer bought, never the orders.
//!
//! It says the same as [`Histories`](super::history::Histories) of the same orders; a test compares the two. It holds
//! less: sales and returns that carry a customer, an instant and an amount, without refunds, states and names.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::base::{Base, Days, Room, Seen};
use super::history::{EARLIEST, First, HistoryPolicy, Month, SameDay};
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::reject::Result;
use crate::run::Run;
use crate::time::Instant;
use crate::time::zone::DayCut;

/// Parts of the table. Work is shared by part, and the part that is worked on fits into a processor's cache.
pub(crate) const PARTS: usize = 256;

/// Purchases that wait unsorted in a part before they are put in order.
const WAITING: usize = 1 << 12;

/// Ids of up to this many bytes are their own key.
pub(crate) const PACKED: usize = 8;

/// Customers of a part are numbered in this many bits; the rest tells the part.
const NUMBER_BITS: u32 = 24;

/// A purchase by somebody with a short id: almost every order is one, so it takes little room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// See [`Taken::key`].
    pub key: u64,
    /// Seconds since 1970.
    pub at: u32,
    /// Minor units.
    pub amount: u32,
}

/// Any other order, as the table takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Odd {
    /// What it has in common with the others.
    pub taken: Taken,
    /// Where the id stands in the block, and how long it is; 0 for nobody.
    pub start: u32,
    pub length: u8,
    pub kind: Kind,
}

/// What an order says of its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A purchase.
    Purchase,
    /// An order of nothing that counts for none.
    Nothing,
    /// Money went back.
    Returned,
    /// After the end of the observation: the customer is known by it and nothing else.
    Later,
}

/// What a reader took from its piece of a block, by part.
#[derive(Debug)]
pub(crate) struct Sorted {
    pub taken: Vec<Vec<Taken>>,
    pub odd: Vec<Vec<Odd>>,
}

impl Sorted {
    pub fn new() -> Self {
        Self { taken: vec![Vec::new(); PARTS], odd: vec![Vec::new(); PARTS] }
    }

    /// Empty again, with its room kept.
    pub fn clear(&mut self) {
        self.taken.iter_mut().for_each(Vec::clear);
        self.odd.iter_mut().for_each(Vec::clear);
    }
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

/// One customer but for her days: half a line of a processor's cache.
#[derive(Debug, Clone)]
#[repr(align(32))]
struct Who {
    key: u64,
    revenue: Minor,
    purchases: u32,
    last_at: u32,
    /// From here on a purchase is none of the earliest; the end of time while there is room for more.
    bar: u32,
    /// How long the id is where that is longer than the key; 0 otherwise.
    long: u8,
}

/// What else a customer did, where anybody did.
#[derive(Debug, Clone, Default)]
struct Back {
    /// Orders that are no purchases, returns included.
    others: u32,
    returns: u32,
    returned: Minor,
}

/// The first purchase: its day or its second, how many orders it is, and what they came to.
#[derive(Debug, Clone, Default)]
struct Begun {
    key: u32,
    orders: u32,
    revenue: Minor,
}

/// Customers with the same upper bits of the hash.
#[derive(Debug, Default)]
struct Part {
    /// Open addressing: a customer's number + 1 per slot, 0 where free.
    slots: Vec<u32>,
    who: Vec<Who>,
    /// By number like the following, and no longer than needed.
    back: Vec<Back>,
    /// Only where all days are wanted.
    begun: Vec<Begun>,
    /// Where in `texts` a long id stands.
    starts: Vec<u32>,
    texts: Vec<u8>,
    /// Seconds of purchases by customer, in order: the earliest of each, and then one for each further day where these
    /// are wanted.
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
    days: Days,
    parts: Vec<Mutex<Part>>,
    sealed: Vec<Part>,
    /// Part and number of every customer.
    list: Vec<u32>,
    nobody: (Nobody, Room),
    /// Customers, those known by later orders alone included.
    known: u64,
    last_at: Option<Instant>,
    months: BTreeMap<i64, Month>,
}

/// Those without an id, folded into one.
type Nobody = (Who, Back, Begun);

/// The element of this number; a new one, and all before it, where there is none.
fn grown<T: Clone + Default>(list: &mut Vec<T>, number: u32) -> Option<&mut T> {
    let number = number as usize;
    if list.len() <= number {
        list.resize(number + 1, T::default());
    }
    list.get_mut(number)
}

impl Part {
    fn add(&mut self, one: &Taken, same_day: Option<SameDay>, cut: &DayCut) {
        let number = self.number(one.key, None);
        self.purchase(number, one, same_day, cut);
    }

    fn add_odd(&mut self, one: &Odd, block: &[u8], same_day: Option<SameDay>, cut: &DayCut) {
        let length = usize::from(one.length);
        let id = if length > PACKED { block.get(one.start as usize..one.start as usize + length) } else { None };
        let number = self.number(one.taken.key, id);
        if one.kind == Kind::Purchase {
            return self.purchase(number, &one.taken, same_day, cut);
        }
        if one.kind == Kind::Later {
            return;
        }
        let Some(back) = grown(&mut self.back, number) else { return };
        back.others = back.others.saturating_add(1);
        if one.kind == Kind::Returned {
            back.returns = back.returns.saturating_add(1);
            back.returned = (back.returned + Minor::from(one.taken.amount)).min(MAX_MINOR);
        }
    }

    /// `same_day` is given where all days are wanted.
    fn purchase(&mut self, number: u32, one: &Taken, same_day: Option<SameDay>, cut: &DayCut) {
        let who = &mut self.who[number as usize];
        let amount = Minor::from(one.amount);
        who.purchases = who.purchases.saturating_add(1);
        who.revenue = (who.revenue + amount).min(MAX_MINOR);
        who.last_at = who.last_at.max(one.at);
        if one.at < who.bar {
            self.fresh.push(u64::from(number) << 32 | u64::from(one.at));
        }
        let Some(same_day) = same_day else { return };
        let first = match same_day {
            SameDay::Merge => u32::try_from(cut.day(instant(one.at)).number()).unwrap_or(0),
            SameDay::Keep => one.at,
        };
        let Some(begun) = grown(&mut self.begun, number) else { return };
        if begun.orders == 0 || first < begun.key {
            *begun = Begun { key: first, orders: 1, revenue: amount };
        } else if first == begun.key {
            begun.orders = begun.orders.saturating_add(1);
            begun.revenue = (begun.revenue + amount).min(MAX_MINOR);
        }
    }

    /// Brings the tables near before many orders look into them: read in one go that takes a fraction of the time.
    fn warm(&self, orders: usize) {
        if orders * 16 > self.who.len() {
            // Every other line is enough: they come in pairs.
            let slots = self.slots.iter().step_by(16).fold(0, |sum, slot| sum ^ slot);
            let who = self.who.iter().step_by(2).fold(0, |sum, who| sum ^ who.purchases);
            core::hint::black_box(slots ^ who);
        }
    }

    /// The number of the customer with this key, and with this id where it is longer than its key; a new one when it was
    /// not seen before.
    fn number(&mut self, key: u64, long: Option<&[u8]>) -> u32 {
        if self.who.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = slot(key, mask);
        while let Some(number) = self.slots[slot].checked_sub(1) {
            if self.who[number as usize].key == key && self.long(number) == long {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        let number = u32::try_from(self.who.len()).unwrap_or(u32::MAX);
        self.slots[slot] = number.saturating_add(1);
        if let Some(id) = long {
            if let Some(start) = grown(&mut self.starts, number) {
                *start = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            }
            self.texts.extend_from_slice(id);
        }
        self.who.push(Who::new(key, long.map_or(0, |id| u8::try_from(id.len()).unwrap_or(u8::MAX))));
        number
    }

    /// The id of a customer where it is longer than its key.
    fn long(&self, number: u32) -> Option<&[u8]> {
        let length = usize::from(self.who[number as usize].long);
        if length == 0 {
            return None;
        }
        let start = self.starts.get(number as usize).map_or(0, |start| *start as usize);
        self.texts.get(start..start + length)
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
    /// day where days are wanted: whatever comes later, no more is needed of them.
    fn settle(&mut self, days: Days, cut: &DayCut) {
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
        self.fresh.clear();
        let old = core::mem::take(&mut self.sorted);
        let ends = core::mem::take(&mut self.ends);
        self.sorted.reserve_exact(old.len() + fresh.len());
        self.ends.reserve_exact(self.who.len());
        let (mut from, mut old_from) = (0_usize, 0_usize);
        for (number, end) in places.iter().take(self.who.len()).enumerate() {
            let new = &mut fresh[from..*end as usize];
            let old_end = ends.get(number).map_or(old_from, |end| *end as usize);
            let old = &old[old_from..old_end];
            if days == Days::Ends {
                if merge_earliest(old, new, &mut self.sorted) {
                    self.who[number].bar = self.sorted.last().copied().unwrap_or(u32::MAX);
                }
            } else {
                new.sort_unstable();
                merge_days(old, new, cut, &mut self.sorted);
            }
            self.ends.push(u32::try_from(self.sorted.len()).unwrap_or(u32::MAX));
            (from, old_from) = (*end as usize, old_end);
        }
    }

    fn seal(&mut self, days: Days, cut: &DayCut) {
        self.slots = Vec::new();
        self.settle(days, cut);
        self.fresh = Vec::new();
        self.sorted.shrink_to_fit();
        self.who.shrink_to_fit();
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
        match purchases {
            [first, ..] if wanted == Days::Ends => {
                add(first);
                add(&self.who[number].last_at);
            }
            _ => purchases.iter().for_each(add),
        }
    }

    /// The id of a customer.
    fn id<'a>(&'a self, number: usize, packed: &'a mut [u8; PACKED]) -> &'a [u8] {
        if let Some(id) = u32::try_from(number).ok().and_then(|number| self.long(number)) {
            return id;
        }
        *packed = self.who[number].key.to_be_bytes();
        let length = packed.iter().position(|byte| *byte == 0).unwrap_or(PACKED);
        &packed[..length]
    }

    fn seen<'a>(&self, number: usize, room: &'a Room) -> Seen<'a> {
        let (back, begun) = (self.back.get(number), self.begun.get(number));
        seen(&self.who[number], back.unwrap_or(&Back::default()), begun.unwrap_or(&Begun::default()), room)
    }
}

impl Who {
    const fn new(key: u64, long: u8) -> Self {
        Self { key, revenue: 0, purchases: 0, last_at: 0, bar: u32::MAX, long }
    }
}

fn seen<'a>(who: &Who, back: &Back, begun: &Begun, room: &'a Room) -> Seen<'a> {
    Seen {
        orders: who.purchases.saturating_add(back.others),
        purchases: who.purchases,
        returns: back.returns,
        revenue: who.revenue,
        returned: back.returned,
        refunded: 0,
        costed: 0,
        cost: 0,
        days: &room.days,
        first: (begun.orders > 0).then_some(First {
            key: begun.key.into(),
            orders: begun.orders,
            revenue: begun.revenue,
            refunded: 0,
        }),
        earliest: &room.earliest,
        last_at: (who.purchases > 0).then(|| instant(who.last_at)),
        name: None,
    }
}

/// The earliest of two lists of one customer's purchases, of which the first is sorted; whether they are all there can be.
fn merge_earliest(old: &[u32], new: &[u32], out: &mut Vec<u32>) -> bool {
    let begin = out.len();
    out.extend_from_slice(old);
    for at in new {
        if out.len() - begin == EARLIEST {
            if out.last().is_some_and(|last| last <= at) {
                continue;
            }
            out.pop();
        }
        out.push(*at);
        // From the end: exports are mostly in the order of time.
        let run = &mut out[begin..];
        let mut place = run.len() - 1;
        while place > 0 && run[place - 1] > *at {
            run[place] = run[place - 1];
            place -= 1;
        }
        run[place] = *at;
    }
    out.len() - begin == EARLIEST
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

impl Flat {
    /// An empty table, of which `days` will be asked and no more.
    ///
    /// # Errors
    /// Those of [`HistoryPolicy::day_cut`].
    pub(crate) fn new(policy: &HistoryPolicy, currency: Currency, days: Days) -> Result<Self> {
        Ok(Self {
            policy: policy.clone(),
            cut: policy.day_cut()?,
            currency,
            days,
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            sealed: Vec::new(),
            list: Vec::new(),
            nobody: ((Who::new(0, 0), Back::default(), Begun::default()), Room::default()),
            known: 0,
            last_at: None,
            months: BTreeMap::new(),
        })
    }

    /// Adds what several readers took from one block, each part's in the order of the readers. Which thread does what
    /// changes nothing.
    pub(crate) fn add<R: Run>(&self, sorted: &[Sorted], block: &[u8], run: &R) {
        let same_day = (self.days == Days::All).then_some(self.policy.same_day);
        run.map(PARTS, |index| {
            let mut part = self.parts[index].lock().unwrap_or_else(PoisonError::into_inner);
            let taken = || sorted.iter().filter_map(|reader| reader.taken.get(index));
            part.warm(taken().map(Vec::len).sum());
            for one in taken().flatten() {
                part.add(one, same_day, &self.cut);
            }
            for one in sorted.iter().filter_map(|reader| reader.odd.get(index)).flatten() {
                part.add_odd(one, block, same_day, &self.cut);
            }
            // Where days are kept, what is in order grows, and with it what it takes to put more in order.
            let more = if self.days == Days::All { part.sorted.len() / 2 } else { 0 };
            if part.fresh.len() >= WAITING.max(more) {
                part.settle(self.days, &self.cut);
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
            part.seal(self.days, &self.cut);
            part
        });
        self.known = self.sealed.iter().map(|part| part.who.len() as u64).sum();
        let mut list = Vec::with_capacity(usize::try_from(self.known).unwrap_or(0));
        for (index, part) in self.sealed.iter().enumerate() {
            for (number, who) in part.who.iter().enumerate() {
                if who.key == 0 && who.long == 0 {
                    let mut room = Room::default();
                    part.gather(number, self.days, &self.cut, &mut room);
                    let back = part.back.get(number).cloned().unwrap_or_default();
                    self.nobody = ((who.clone(), back, part.begun.get(number).cloned().unwrap_or_default()), room);
                    self.known -= 1;
                } else if who.purchases > 0 || part.back.get(number).is_some_and(|back| back.others > 0) {
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
            let id = part.id(number, &mut packed);
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
        part_a.id(a, &mut packed_a).cmp(part_b.id(b, &mut packed_b))
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
        let ((who, back, begun), room) = &self.nobody;
        seen(who, back, begun, room)
    }

    fn days(&self) -> Days {
        self.days
    }

    fn count(&self) -> usize {
        self.list.len()
    }

    fn look<T>(&self, number: usize, days: Days, room: &mut Room, look: impl FnOnce(&str, &Seen<'_>) -> T) -> T {
        let (part, number) = split(self.list[number]);
        let part = &self.sealed[part];
        part.gather(number, days, &self.cut, room);
        let mut packed = [0; PACKED];
        let id = core::str::from_utf8(part.id(number, &mut packed)).unwrap_or_default();
        look(id, &part.seen(number, room))
    }
}
