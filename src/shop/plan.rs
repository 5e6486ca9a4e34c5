//! Who gets what over the shop's last month, or of a list of customers, and what does it cost?

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Shop, Switches};
use crate::map::Map;
use crate::money::Minor;
use crate::offer::advise::Adviser;
use crate::offer::economics::budget;
use crate::offer::economics::figures::Situation;
use crate::offer::economics::missing::{Given, holdout, missing};
use crate::offer::economics::words::{amount, thousands};
use crate::offer::plan::{Plan, Purse, Subject, allot, tell};
use crate::offer::request::{MomentAt, Request};
use crate::offer::words::{Channel, Kind, Moment};
use crate::reject::{Code, Error, Result};
use crate::score::stage::Stage;
use crate::score::tier::Tier;
use crate::time::{Day, Instant};

/// What to plan.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanRequest {
    /// The program as text.
    pub program_text: String,
    /// Now.
    pub now: Instant,
    /// The channel (default parcel): page, parcel or e-mail.
    #[serde(default = "parcel")]
    pub audience: Channel,
    /// A row for each known customer with her last purchase, instead of a row for each purchase.
    #[serde(default)]
    pub customers: bool,
    /// The first day whose purchases count (default 29 days before the last one).
    #[serde(default)]
    pub since: Option<Day>,
    /// The last day whose purchases count (default that of the last purchase).
    #[serde(default)]
    pub until: Option<Day>,
    /// One budget for all, in minor units, in place of the program's.
    #[serde(default)]
    pub budget: Option<Minor>,
    /// What is spent of the program's budgets, by id, in minor units.
    #[serde(default)]
    pub spent: Map<u32>,
    /// Only the rows of this option; the sums stay over all.
    #[serde(default)]
    pub option: Option<String>,
    /// How many rows to leave out.
    #[serde(default)]
    pub offset: usize,
    /// How many rows to give (default 200); the sums are over all.
    #[serde(default)]
    pub limit: Option<usize>,
}

const fn parcel() -> Channel {
    Channel::Parcel
}

/// The id of a budget that is for everybody.
const ALL: &str = "all";

impl Shop {
    /// Who gets what over a month of purchases, or of all customers, with cost, what it is expected to bring, break-even
    /// and the price of budget. Consents are taken as given and nobody as objecting: it is a preview of money.
    ///
    /// # Errors
    /// `invalid_state` before [`Shop::score`]; what the program is refused for; `invalid_amount` for a negative budget.
    pub fn plan(&self, request: &PlanRequest) -> Result<Plan> {
        if request.budget.is_some_and(|budget| budget < 0) {
            return Err(Error::at(Code::InvalidAmount, "budget", "A budget is never negative."));
        }
        let adviser = self.adviser(&request.program_text, None, request.now)?;
        if adviser.policy(request.audience).is_none() {
            return Err(Error::at(Code::InvalidValue, "audience", "A program plans for page, parcel or email."));
        }
        let (purchases, since, until) = self.to_plan(request);
        let mut left: BTreeMap<&str, u32> =
            adviser.program().options.iter().filter_map(|o| o.stock.map(|stock| (o.id.as_str(), stock))).collect();
        let mut subjects = Vec::with_capacity(purchases.len());
        for index in purchases {
            subjects.push(self.subject(&adviser, request, index, &mut left)?);
        }
        let purses = self.purses(&adviser, request);
        let currency = adviser.program().shop.currency;
        let (given, budgets) = allot(&subjects, &purses, currency)?;
        let (rows, options) = tell(&subjects, &given);
        let total = rows.len();
        let sum =
            |of: fn(&crate::offer::plan::PlanOption) -> Minor| options.iter().map(of).fold(0_i64, i64::saturating_add);
        let (cost, gross, profit) = (sum(|o| o.cost), sum(|o| o.gross), sum(|o| o.profit));
        let cannibalised = sum(|o| o.cannibalised);
        let mut counted = Given::default();
        for row in &rows {
            if let Some(option) = &row.option {
                counted.count(option, request.audience, row.stage, row.order_number);
            }
        }
        let model = self.scored.as_ref().map(|scored| &scored.model);
        let advice = self.advice(&adviser, request, &options, total, since, until)?;
        let say = |minor| amount(minor, currency);
        let mut words = format!(
            "{} {}: thanking them costs {} and is expected to bring {}, which leaves {}.",
            thousands(i64::try_from(total).unwrap_or(0)),
            if request.customers { "customers" } else { "orders" },
            say(cost),
            say(gross),
            say(profit)
        );
        if cannibalised > 0 {
            words.push_str(&format!(" {} of the cost goes to buyers who would have come anyway.", say(cannibalised)));
        }
        for budget in &budgets {
            words.push_str(&format!(" Budget \"{}\": {}", budget.id, budget.words));
        }
        Ok(Plan {
            v: 1,
            currency,
            audience: request.audience,
            since,
            until,
            total,
            rows: rows
                .into_iter()
                .filter(|row| request.option.is_none() || row.option == request.option)
                .skip(request.offset)
                .take(request.limit.unwrap_or(200))
                .collect(),
            options,
            budgets,
            cost,
            gross,
            profit,
            cannibalised,
            missing: missing(adviser.program(), model, &counted)?,
            holdout: advice,
            words,
        })
    }

    /// The places of the purchases to plan for, and their period.
    fn to_plan(&self, request: &PlanRequest) -> (Vec<usize>, Option<Day>, Option<Day>) {
        let purchases = || self.orders.iter().enumerate().filter(|(_, order)| order.is_purchase());
        let until = request.until.or_else(|| purchases().next_back().map(|(_, order)| order.created_at.day()));
        if request.customers {
            let mut last: Vec<usize> = self
                .of_customer
                .values()
                .filter_map(|places| places.iter().rev().copied().find(|place| self.orders[*place].is_purchase()))
                .collect();
            last.sort_by(|a, b| {
                let id = |place: usize| self.orders[place].customer.as_ref().map(|customer| customer.id.as_str());
                id(*a).cmp(&id(*b))
            });
            return (last, None, None);
        }
        let since = request.since.or_else(|| until.map(|day| day.plus(-29)));
        let inside = |day: Day| since.is_none_or(|since| since <= day) && until.is_none_or(|until| day <= until);
        let places = purchases().filter(|(_, order)| inside(order.created_at.day())).map(|(place, _)| place).collect();
        (places, since, until)
    }

    fn subject(
        &self,
        adviser: &Adviser,
        request: &PlanRequest,
        index: usize,
        left: &mut BTreeMap<&str, u32>,
    ) -> Result<Subject> {
        let moment = match request.audience {
            Channel::Parcel => Moment::ParcelPacked,
            Channel::Email => Moment::Delivered,
            _ => Moment::OrderCompleted,
        };
        let mut asked = self.request(adviser, index, request.now, &Switches::default(), false)?;
        asked.moment = MomentAt { kind: moment, at: request.now };
        self.suppose(adviser, &mut asked, left);
        let order = &self.orders[index];
        let stage = asked.facts.stage.unwrap_or(Stage::FirstBuyer);
        let order_number = asked.facts.order_number.unwrap_or(1);
        let possible = adviser.possible(request.audience, &asked);
        let main = adviser.decide(request.audience, &asked).and_then(|decided| decided.decision.main);
        let reckoner = adviser.reckoner();
        let moment = (!adviser.program().receptivity.is_empty()).then_some(moment);
        let situation = Situation { stage, audience: request.audience, moment, order_number: Some(order_number) };
        let offers = possible
            .iter()
            .filter_map(|id| adviser.options().iter().find(|option| option.id == *id))
            .filter(|option| option.kind != Kind::ServiceContact)
            // What can run out is planned for those who get it by the decision, first come, first served.
            .filter(|option| option.stock.is_none() || main.as_ref().is_some_and(|main| main.option == option.id))
            .map(|option| Ok((option.kind, reckoner.figures(option, situation)?)))
            .collect::<Result<Vec<_>>>()?;
        let decided = main.as_ref().and_then(|main| offers.iter().position(|(_, one)| one.option == main.option));
        if let Some(count) = main.as_ref().and_then(|main| left.get_mut(main.option.as_str())) {
            *count = count.saturating_sub(1);
        }
        let budget = if request.budget.is_some() {
            Some(ALL.to_owned())
        } else {
            let day = adviser.zone().day(request.now);
            budget::of(adviser.program(), stage, day).map(|(_, budget)| budget.id.clone())
        };
        Ok(Subject {
            customer: asked.subject.id,
            order: (!request.customers).then(|| order.id.clone()),
            stage,
            tier: asked.facts.tier.unwrap_or(Tier::None),
            order_number,
            budget,
            offers,
            decided,
        })
    }

    /// What only the day itself will tell: codes will be minted, consent given, nothing spent before the plan.
    fn suppose(&self, adviser: &Adviser, asked: &mut Request, left: &BTreeMap<&str, u32>) {
        // Any code that is typed right: the plan asks whether one could be given, not which.
        const CODE: &str = "03VC1S2Q4HX0";
        let coded = adviser.options().iter().filter(|option| option.kind.needs_code());
        asked.facts.codes = coded.map(|option| (option.id.clone(), CODE.to_owned())).collect();
        asked.consent.email = Some(crate::offer::words::EmailConsent::Confirmed);
        asked.state.sent.insert(Channel::Email.as_str().to_owned(), 0);
        asked.state.stock = left.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect();
        asked.state.spent = adviser.program().budgets.iter().map(|budget| (budget.id.clone(), 0)).collect();
    }

    fn purses(&self, adviser: &Adviser, request: &PlanRequest) -> Vec<Purse> {
        if let Some(amount) = request.budget {
            return vec![Purse { id: ALL.to_owned(), amount, spent: 0 }];
        }
        let spent = |id: &str| request.spent.get(id).copied().map_or(0, Minor::from);
        let budgets = adviser.program().budgets.iter();
        budgets.map(|one| Purse { id: one.id.clone(), amount: one.amount, spent: spent(&one.id) }).collect()
    }

    /// Whether this shop could learn from leaving some customers alone, by its most frequent option.
    fn advice(
        &self,
        adviser: &Adviser,
        request: &PlanRequest,
        options: &[crate::offer::plan::PlanOption],
        total: usize,
        since: Option<Day>,
        until: Option<Day>,
    ) -> Result<Option<crate::offer::economics::missing::HoldoutAdvice>> {
        if adviser.program().holdout.is_some() {
            return Ok(None);
        }
        let Some(option) = options.first().and_then(|one| adviser.options().iter().find(|o| o.id == one.option)) else {
            return Ok(None);
        };
        let situation =
            Situation { stage: Stage::FirstBuyer, audience: request.audience, moment: None, order_number: None };
        let figures = adviser.reckoner().figures(option, situation)?;
        let days = since.zip(until).map_or(0, |(since, until)| i64::from(until.number() - since.number()) + 1);
        let monthly = if days > 0 { i64::try_from(total).unwrap_or(0) * 30 / days } else { 0 };
        Ok(holdout(figures.base_bp, figures.uplift_bp, monthly))
    }
}
