//! What would the merchant's numbers say? Program mode: publish in memory, decide, and add what only the merchant sees.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::money::{Minor, basis_points};
use crate::offer::decide::decide_with;
use crate::offer::decision::{Decision, Rejected};
use crate::offer::policy::Policy;
use crate::offer::program::Program;
use crate::offer::publish::{PublishOptions, complete, publish, serves};
use crate::offer::request::{Field, Request};
use crate::offer::rules::Found;
use crate::offer::words::{Channel, Rejection};
use crate::reject::Result;
use crate::score::model::Model;

/// A decision with the private part of its trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PrivateDecision {
    /// The decision; private reasons are named as they are.
    pub decision: Decision,
    /// What it costs and what was allowed.
    pub numbers: Numbers,
    /// Paths of the program that the merchant left to the default.
    pub assumptions: Vec<Cow<'static, str>>,
}

/// What it costs and what was allowed, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// What a thank-you for this order may cost; absent without an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Minor>,
    /// What the chosen option costs.
    pub issue_cost: Minor,
    /// Of 10,000 customers with this order number, how many ordered again within 90 days; absent without a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reorder_bp: Option<i64>,
    /// What an average order of the usual basket leaves over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<Minor>,
}

/// A program made ready to decide for many customers.
#[derive(Debug, Clone)]
pub struct Adviser {
    program: Program,
    model: Option<Model>,
    policies: BTreeMap<Channel, Policy>,
    costs: BTreeMap<String, Minor>,
}

impl Adviser {
    /// Publishes the program in memory, for pages and parcels.
    ///
    /// # Errors
    /// As [`publish`].
    pub fn new(program: Program, model: Option<Model>, options: &PublishOptions) -> Result<Self> {
        let policies = [Channel::Page, Channel::Parcel]
            .into_iter()
            .map(|audience| {
                let options = PublishOptions { audience, ..options.clone() };
                publish(&program, model.as_ref(), &options).map(|policy| (audience, policy))
            })
            .collect::<Result<_>>()?;
        let costs = complete(&program).into_iter().map(|option| (option.id, option.issue_cost)).collect();
        Ok(Self { program, model, policies, costs })
    }

    /// The policy of an audience, if it was published.
    #[must_use]
    pub fn policy(&self, audience: Channel) -> Option<&Policy> {
        self.policies.get(&audience)
    }

    /// The program.
    #[must_use]
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// Decides for one audience (page or parcel).
    #[must_use]
    pub fn decide(&self, audience: Channel, request: &Request) -> Option<PrivateDecision> {
        let policy = self.policies.get(&audience)?;
        let allowed = request.order.as_ref().map(|order| self.program.allowed(order.subtotal));
        let mut decision = decide_with(policy, request, &|option, reader| {
            let cost = self.costs.get(&option.id).copied().unwrap_or(0);
            if cost == 0 {
                return None;
            }
            let subtotal = reader.order_field(Field::OrderSubtotal, |order| order.subtotal);
            let allowed = subtotal.map_or(0, |subtotal| self.program.allowed(subtotal));
            (cost > allowed).then(|| {
                Found::new(
                    Rejection::Unprofitable,
                    Field::OrderSubtotal,
                    subtotal.map(Into::into),
                    self.smallest_order(cost).map(Into::into),
                )
            })
        });
        self.name_the_absent(audience, policy, &mut decision);
        let chosen = decision.main.as_ref().map(|main| main.option.as_str());
        let numbers = Numbers {
            allowed,
            issue_cost: chosen.and_then(|id| self.costs.get(id)).copied().unwrap_or(0),
            reorder_bp: self.model.as_ref().and_then(|model| {
                let n = request.facts.order_number.unwrap_or(1);
                model.reorder.iter().find(|rate| rate.order_number == n).map(|rate| rate.rate_bp)
            }),
            margin: self
                .model
                .as_ref()
                .map(|model| basis_points(model.basket_median, i64::from(self.program.margin_bp.unwrap_or(3000)))),
        };
        Some(PrivateDecision { decision, numbers, assumptions: assumptions(&self.program) })
    }

    /// The smallest order at which a cost fits the allowance.
    fn smallest_order(&self, cost: Minor) -> Option<Minor> {
        let allowance = self.program.allowance();
        if allowance.rate_bp == 0 || cost > allowance.max {
            return None;
        }
        let rate = i64::from(allowance.rate_bp);
        // Half away from zero: the first subtotal whose share rounds up to the cost.
        let guess = (cost * 10_000 - 5_000).div_euclid(rate).max(0);
        (guess..guess + 2).find(|subtotal| self.program.allowed(*subtotal) >= cost)
    }

    /// Options that this audience never hears of: the merchant is told why.
    fn name_the_absent(&self, audience: Channel, policy: &Policy, decision: &mut Decision) {
        for option in complete(&self.program) {
            if policy.options.iter().any(|published| published.id == option.id) {
                continue;
            }
            let (code, field, required) = if serves(&option, audience) {
                (Rejection::Unprofitable, "allowance", Some(option.issue_cost.into()))
            } else {
                let elsewhere = [Channel::Parcel, Channel::Page].into_iter().find(|other| serves(&option, *other));
                (Rejection::ChannelUnavailable, "channel", elsewhere.map(|channel| channel.as_str().into()))
            };
            let provided = (code == Rejection::ChannelUnavailable).then(|| audience.as_str().into());
            decision.rejected.push(Rejected {
                option: option.id.clone(),
                code,
                field: Cow::Borrowed(field),
                provided,
                required,
            });
        }
    }
}

/// Paths of the program that the merchant left to the default.
#[must_use]
pub fn assumptions(program: &Program) -> Vec<Cow<'static, str>> {
    let mut paths = Vec::new();
    let mut assume = |absent: bool, path: &'static str| {
        if absent {
            paths.push(Cow::Borrowed(path));
        }
    };
    assume(program.allowance.is_none(), "allowance");
    assume(program.margin_bp.is_none(), "marginBp");
    assume(program.referral.as_ref().is_none_or(|referral| referral.friend.is_none()), "referral.friend");
    assume(program.tiers.is_none(), "tiers");
    assume(program.stages.is_none(), "stages");
    assume(program.caps.is_none(), "caps");
    paths
}

/// A decision as the public may see it: private reasons read `not_offered` and carry no number.
#[must_use]
pub fn public(mut decision: Decision) -> Decision {
    for line in &mut decision.rejected {
        if line.code.public() != line.code {
            line.code = line.code.public();
            line.provided = None;
            line.required = None;
        }
    }
    decision
}
