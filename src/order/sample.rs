//! What would two years of a tea shop look like? A generated shop: no real customer, no real order.
//!
//! Customers buy as in the BG/NBD model (Fader, Hardie and Lee 2005: a rate of buying per customer, and a chance to
//! leave after each further purchase), what they spend follows Gamma-Gamma. The clock of the model runs faster in
//! December and on Sundays. Only `libm` and a seeded ChaCha are used, so every platform gives the same shop.

mod chance;
mod csv;

pub use csv::to_csv;

use chance::{Calendar, Chance};

use super::{Customer, Line, Order, OrderCode, OrderKind, OrderStatus, Source, TaxMode};
use crate::money::{Currency, Minor, basis_points, div_round};
use crate::time::{Day, Instant};

/// How long the shop has been open, in days.
const OPEN: i32 = 731;
/// Customers with an account.
const ACCOUNTS: usize = 3_600;
/// Orders of guests, in basis points of those of customers with an account.
const GUEST_ORDERS_BP: i64 = 1_800;
/// Guests whose order names nobody, in percent of guests.
const ANONYMOUS: u64 = 18;

/// BG/NBD: rates are Gamma(r, alpha) per week, dropouts Beta(a, b). Gamma-Gamma: p, q, and v in euros.
const R: f64 = 0.42;
const ALPHA: f64 = 6.5;
const A: f64 = 0.79;
const B: f64 = 2.43;
const P: f64 = 6.25;
const Q: f64 = 3.74;
const V: f64 = 17.5;

/// A product of the generated shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// Stock-keeping unit.
    pub sku: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Price in euro cents, tax included.
    pub price: Minor,
    /// What it is, for conditions on product tags.
    pub tags: &'static [&'static str],
}

const fn product(sku: &'static str, title: &'static str, price: Minor, tags: &'static [&'static str]) -> Product {
    Product { sku, title, price, tags }
}

/// Everything the generated shop sells, the cheapest first.
pub const CATALOGUE: &[Product] = &[
    product("ACC-FILTER", "Papierfilter, 100 Stück", 390, &["accessory"]),
    product("SWT-KANDIS", "Kandis braun, 250 g", 450, &["sweet"]),
    product("TEA-ROOIBOS", "Rooibos Natur, 100 g", 490, &["tea", "herbal"]),
    product("TEA-MINT", "Nanaminze, 50 g", 540, &["tea", "herbal"]),
    product("TEA-KAMILLE", "Kamillenblüten, 75 g", 590, &["tea", "herbal"]),
    product("SWT-SHORT", "Shortbread mit Earl Grey", 620, &["sweet"]),
    product("TEA-EARL", "Earl Grey, 100 g", 690, &["tea", "black"]),
    product("TEA-OSTF", "Ostfriesische Mischung, 100 g", 720, &["tea", "black"]),
    product("TEA-FRUIT", "Früchtetee Waldbeere, 100 g", 750, &["tea", "fruit"]),
    product("TEA-ASSAM", "Assam Second Flush, 100 g", 890, &["tea", "black"]),
    product("TEA-CHAI", "Chai Gewürzmischung, 100 g", 920, &["tea", "black"]),
    product("ACC-SIEB", "Teesieb aus Edelstahl", 1_090, &["accessory"]),
    product("TEA-SENCHA", "Sencha, 100 g", 1_190, &["tea", "green"]),
    product("TEA-JASMIN", "Jasmin-Perlen, 50 g", 1_390, &["tea", "green"]),
    product("TEA-DARJ", "Darjeeling First Flush, 100 g", 1_690, &["tea", "black", "first-flush"]),
    product("ACC-BECHER", "Becher Steinzeug, 0,3 l", 1_790, &["accessory"]),
    product("TEA-OOLONG", "Oolong Milky, 75 g", 1_890, &["tea", "oolong"]),
    product("TEA-ADVENT", "Adventskalender mit 24 Tees", 2_490, &["tea", "season"]),
    product("TEA-GYOKURO", "Gyokuro, 50 g", 2_790, &["tea", "green"]),
    product("ACC-KANNE", "Teekanne Glas, 1 l", 3_490, &["accessory"]),
    product("TEA-PUERH", "Pu-Erh im Bambus, 200 g", 3_990, &["tea", "puerh"]),
    product("ACC-MATCHA", "Matcha-Set mit Schale und Besen", 5_900, &["accessory", "tea", "green"]),
    product("ACC-TETSU", "Gusseiserne Kanne Tetsubin", 8_900, &["accessory"]),
];

/// The orders of two years that end with `end`, in the order of time. Ids are `T-10001` and up, amounts euro cents;
/// about 5,000 customers, their names plainly invented. The same seed gives the same shop.
#[must_use]
pub fn sample(seed: u64, end: Day) -> Vec<Order> {
    let Ok(currency) = Currency::parse("EUR") else { return Vec::new() };
    let mut shop = Shop { chance: Chance::from_seed(seed), calendar: Calendar::until(end, OPEN), currency };
    let mut orders = Vec::new();
    for account in 0..ACCOUNTS {
        shop.account(account, &mut orders);
    }
    let guests = basis_points(i64::try_from(orders.len()).unwrap_or(0), GUEST_ORDERS_BP);
    for _ in 0..guests {
        shop.guest(&mut orders);
    }
    orders.sort_by(|one, other| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
    for (order, number) in orders.iter_mut().zip(10_001_u32..) {
        order.id = format!("T-{number}");
    }
    orders
}

struct Shop {
    chance: Chance,
    calendar: Calendar,
    currency: Currency,
}

impl Shop {
    fn account(&mut self, number: usize, orders: &mut Vec<Order>) {
        let (rate, dropout) = (self.chance.gamma(R) / ALPHA, self.chance.beta(A, B));
        let spending = self.chance.gamma(Q) / V;
        let country = self.chance.country();
        let name = self.chance.name(country);
        let mut week = self.chance.uniform() * self.calendar.weeks();
        let mut first = true;
        while let Some(day) = self.calendar.day(week) {
            let customer = Customer {
                id: format!("c_{}", 1001 + number),
                email_hash: None,
                alias_hash: None,
                throwaway: false,
                guest: false,
                name: Some(name.clone()),
            };
            let amount = self.chance.gamma(P) / spending;
            orders.push(self.order(day, amount, Some(customer), country, first));
            if !first && self.chance.uniform() < dropout {
                break;
            }
            first = false;
            week += self.chance.exponential() / rate.max(1e-9);
        }
    }

    fn guest(&mut self, orders: &mut Vec<Order>) {
        let country = self.chance.country();
        let spending = self.chance.gamma(Q) / V;
        let amount = self.chance.gamma(P) / spending;
        let week = self.chance.uniform() * self.calendar.weeks();
        let Some(day) = self.calendar.day(week) else { return };
        let customer = (self.chance.below(100) >= ANONYMOUS).then(|| Customer {
            id: format!("e_{:016x}{:016x}", self.chance.bits(), self.chance.bits()),
            email_hash: None,
            alias_hash: None,
            throwaway: false,
            guest: true,
            name: Some(self.chance.name(country)),
        });
        orders.push(self.order(day, amount, customer, country, true));
    }

    /// An order of about this many euros.
    fn order(&mut self, day: Day, euros: f64, customer: Option<Customer>, country: &str, first: bool) -> Order {
        let created_at = Instant::from_unix(day.start().unix() + self.chance.second());
        let mut lines = self.lines(day, euros);
        let goods: Minor = lines.iter().map(|line| line.total).sum();
        let code = self.code(day, goods, first);
        let discount_total = code.as_ref().map_or(0, |code| code.amount);
        share(&mut lines, discount_total, goods);
        let subtotal = goods - discount_total;
        let abroad = matches!(country, "CH" | "GB");
        let shipping = match (abroad, subtotal >= 4_000) {
            (true, _) => 990,
            (false, true) => 0,
            (false, false) => 490,
        };
        let total = subtotal + shipping;
        let mut order = Order {
            v: 1,
            // Only to sort equal times; the number comes when all are there.
            id: format!("{:016x}", self.chance.bits()),
            number: None,
            source: Source::Generated,
            kind: OrderKind::Sale,
            created_at,
            paid_at: Some(created_at.plus(60 + self.chance.below(600_i64))),
            cancelled_at: None,
            status: OrderStatus::Paid,
            test: false,
            currency: self.currency,
            tax_mode: TaxMode::Gross,
            subtotal,
            discount_total,
            shipping,
            tax: i64::try_from(div_round(i128::from(total) * 7, 107)).unwrap_or(0),
            total,
            refunded: 0,
            cost: None,
            codes: code.into_iter().collect(),
            automatic: Vec::new(),
            line_count: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            lines,
            customer,
            country: Some(country.to_owned()),
            attribution: None,
        };
        self.aftermath(&mut order);
        order
    }

    /// Products worth about this many euros.
    fn lines(&mut self, day: Day, euros: f64) -> Vec<Line> {
        let (_, month, _) = day.civil();
        let mut left = (euros.clamp(4.0, 900.0) * 100.0) as Minor;
        let mut lines: Vec<Line> = Vec::new();
        while lines.is_empty() || (left >= 390 && lines.len() < 8) {
            let affordable = CATALOGUE.iter().filter(|product| product.price <= left.max(390)).count();
            // Half of the time the dearer of two, so that large baskets do not become long ones.
            let (mut pick, again) = (self.chance.below(affordable), self.chance.below(2) == 1);
            if again {
                pick = pick.max(self.chance.below(affordable));
            }
            let product = CATALOGUE[pick];
            let out_of_season = product.sku == "TEA-ADVENT" && !matches!(month, 11 | 12);
            if out_of_season || lines.iter().any(|line| line.sku.as_deref() == Some(product.sku)) {
                left -= 40;
                if !lines.is_empty() {
                    continue;
                }
            }
            let product = if out_of_season { CATALOGUE[6] } else { product };
            let most = if product.price < 2_000 { (left / product.price).clamp(1, 3) } else { 1 };
            let quantity = 1 + self.chance.below(most);
            left -= quantity * product.price;
            lines.push(Line {
                id: None,
                product: None,
                sku: Some(product.sku.to_owned()),
                title: Some(product.title.to_owned()),
                quantity: u32::try_from(quantity).unwrap_or(1),
                refunded_quantity: 0,
                discount: 0,
                total: quantity * product.price,
            });
        }
        lines
    }

    fn code(&mut self, day: Day, goods: Minor, first: bool) -> Option<OrderCode> {
        let (_, month, _) = day.civil();
        let lucky = self.chance.below(100);
        if first && goods >= 4_000 && lucky < 20 {
            return Some(OrderCode { code: "WILLKOMMEN5".into(), amount: 500, kind: Some(super::CodeKind::Fixed) });
        }
        if month == 12 && lucky >= 85 {
            let amount = basis_points(goods, 1_000);
            return Some(OrderCode { code: "ADVENT10".into(), amount, kind: Some(super::CodeKind::Percentage) });
        }
        None
    }

    /// Some orders are cancelled, some come back whole or in part.
    fn aftermath(&mut self, order: &mut Order) {
        match self.chance.below(1000) {
            0..=13 => {
                order.status = OrderStatus::Cancelled;
                order.cancelled_at = Some(order.created_at.plus(3_600 + self.chance.below(80_000_i64)));
                order.paid_at = None;
            }
            14..=33 => {
                order.status = OrderStatus::Refunded;
                order.refunded = order.total;
                for line in &mut order.lines {
                    line.refunded_quantity = line.quantity;
                }
            }
            34..=53 => {
                let pick = self.chance.below(order.lines.len());
                if let Some(line) = order.lines.get_mut(pick) {
                    line.refunded_quantity = line.quantity;
                    order.refunded = line.total.min(order.total);
                    let whole = order.refunded == order.total;
                    order.status = if whole { OrderStatus::Refunded } else { OrderStatus::PartiallyRefunded };
                }
            }
            _ => {}
        }
    }
}

/// Shares a discount among lines by their value; the last takes what rounding leaves.
fn share(lines: &mut [Line], discount: Minor, goods: Minor) {
    let mut left = discount;
    let last = lines.len().saturating_sub(1);
    for (index, line) in lines.iter_mut().enumerate() {
        let part =
            i64::try_from(div_round(i128::from(discount) * i128::from(line.total), i128::from(goods))).unwrap_or(0);
        line.discount = if index == last { left } else { part.min(left) }.min(line.total);
        left -= line.discount;
        line.total -= line.discount;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::order::import::{ImportOptions, Importer};

    fn shop() -> Vec<Order> {
        sample(1, Day::parse("2026-11-22").unwrap())
    }

    #[test]
    fn the_same_seed_gives_the_same_shop_on_every_platform() {
        let orders = shop();
        assert_eq!(
            crate::canonical::hash(&orders).unwrap(),
            "sha256-dc7ff3a7fdf5c10388141d69dcf5093a90d9c58ac0eb79756f22ac69ad08910a"
        );
        assert_ne!(orders, sample(2, Day::parse("2026-11-22").unwrap()));
    }

    #[test]
    fn the_shop_looks_like_a_shop() {
        let orders = shop();
        let mut by_customer: BTreeMap<&str, usize> = BTreeMap::new();
        for order in orders.iter().filter(|order| order.is_purchase()) {
            if let Some(customer) = &order.customer {
                *by_customer.entry(&customer.id).or_default() += 1;
            }
        }
        let share = |part: usize, whole: usize| part as f64 / whole as f64;
        let once = by_customer.values().filter(|count| **count == 1).count();
        let guests =
            orders.iter().filter(|order| order.customer.as_ref().is_none_or(|customer| customer.guest)).count();
        let anonymous = orders.iter().filter(|order| order.customer.is_none()).count();
        let refunded = orders.iter().filter(|order| order.refunded > 0).count();
        let partly = orders.iter().filter(|order| order.status == OrderStatus::PartiallyRefunded).count();
        let mut totals: Vec<Minor> = orders.iter().map(|order| order.total).collect();
        totals.sort_unstable();
        println!(
            "{} orders, {} customers, once {:.3}, guests {:.3}, anonymous {anonymous}, refunded {:.3}, partly {partly}, \
             median {}, mean {}, most orders {:?}",
            orders.len(),
            by_customer.len(),
            share(once, by_customer.len()),
            share(guests, orders.len()),
            share(refunded, orders.len()),
            totals[totals.len() / 2],
            totals.iter().sum::<Minor>() / i64::try_from(totals.len()).unwrap(),
            by_customer.values().max(),
        );
        assert!((4_800..5_200).contains(&by_customer.len()));
        assert!((0.55..0.70).contains(&share(once, by_customer.len())));
        assert!((0.13..0.17).contains(&share(guests, orders.len())));
        assert!(anonymous > 100);
        assert!((0.03..0.05).contains(&share(refunded, orders.len())) && partly > 50);
        assert!((2_500..5_000).contains(&totals[totals.len() / 2]));
    }

    #[test]
    fn december_is_the_best_month_and_both_years_are_whole() {
        let mut months = BTreeMap::new();
        for order in shop() {
            let (year, month, _) = order.created_at.day().civil();
            *months.entry((year, month)).or_insert(0) += 1;
        }
        assert!((24..=25).contains(&months.len()));
        for year in [2024, 2025] {
            let december = months[&(year, 12)];
            assert!(months.iter().all(|((y, month), count)| *y != year || *month == 12 || *count < december));
        }
    }

    #[test]
    fn every_order_adds_up() {
        for order in shop() {
            let goods: Minor = order.lines.iter().map(|line| line.total).sum();
            assert_eq!(goods, order.subtotal, "{}", order.id);
            assert_eq!(order.lines.iter().map(|line| line.discount).sum::<Minor>(), order.discount_total);
            assert_eq!(order.subtotal + order.shipping, order.total);
            assert!(order.total > 0 && order.refunded <= order.total && order.line_count as usize == order.lines.len());
            assert_eq!(order.source, Source::Generated);
        }
    }

    #[test]
    fn the_csv_is_read_back_as_the_same_orders() {
        let orders = shop();
        let mut options = ImportOptions::at(Instant::parse("2026-11-23T10:00:00Z").unwrap());
        options.keep_names = true;
        let mut importer = Importer::new("sample.csv", options).unwrap();
        importer.push(to_csv(&orders).as_bytes()).unwrap();
        let imported = importer.finish().unwrap();
        assert_eq!((imported.report.refused_count, imported.report.warning_count), (0, 0), "{:?}", imported.report);
        for (read, written) in imported.orders.into_iter().zip(orders) {
            let mut expected = Order { source: Source::Csv, lines: Vec::new(), ..written };
            for code in &mut expected.codes {
                code.kind = None;
            }
            assert_eq!(read, expected);
        }
    }
}
