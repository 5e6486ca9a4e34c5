//! Which words does an offer use? The closed lists that program, policy, request and decision share.

use crate::word::words;

words! {
    /// What kind of thing we may do.
    Kind {
        /// A plain thank-you that costs nothing and asks nothing.
        Thanks = "thanks",
        /// A product sample in the parcel.
        Sample = "sample",
        /// A thing to hold, chosen for one person.
        HapticGift = "haptic_gift",
        /// A gift with a purchase condition.
        Zugabe = "zugabe",
        /// A book to read on a screen.
        Ebook = "ebook",
        /// A checklist.
        Checklist = "checklist",
        /// A guide.
        Guide = "guide",
        /// An online course.
        Course = "course",
        /// How the product is made.
        Insight = "insight",
        /// The story behind shop or product.
        Story = "story",
        /// Information about a product.
        Info = "info",
        /// A service: advice, set-up, repair.
        Service = "service",
        /// A person who helps.
        ServiceContact = "service_contact",
        /// An invitation to an event.
        Event = "event",
        /// The line to the boss.
        CeoLine = "ceo_line",
        /// Something that goes with what was bought.
        Accessory = "accessory",
        /// A partner's offer.
        Partner = "partner",
        /// A free basic version.
        Freemium = "freemium",
        /// The full version for a while; never turns into a paid one by itself.
        Trial = "trial",
        /// Money off a next order.
        Discount = "discount",
        /// A code or link to pass on to a friend.
        Referral = "referral",
        /// A gift for newsletter consent.
        Exchange = "exchange",
        /// An invitation to opt in.
        Invitation = "invitation",
        /// A question how it was.
        Feedback = "feedback",
        /// A reminder of the brand, with no product in it.
        Brand = "brand",
    }
}

words! {
    /// What an option is for.
    Purpose {
        /// To win a customer.
        Acquire = "acquire",
        /// To keep one.
        Retain = "retain",
    }
}

words! {
    /// Why we may speak now.
    Moment {
        /// The order has just been placed.
        OrderCompleted = "order_completed",
        /// The parcel is being packed.
        ParcelPacked = "parcel_packed",
        /// The parcel is on its way.
        Shipped = "shipped",
        /// The parcel has arrived.
        Delivered = "delivered",
        /// A visit ended without a purchase.
        VisitEnded = "visit_ended",
        /// Content was read or watched.
        ContentConsumed = "content_consumed",
        /// The next step of a course is due.
        CourseStepDue = "course_step_due",
        /// A year, two, five since the first order.
        Anniversary = "anniversary",
        /// The customer told us how it was.
        FeedbackReceived = "feedback_received",
        /// The newsletter address was confirmed.
        NewsletterConfirmed = "newsletter_confirmed",
        /// A cart was looked at. Never promoting.
        CartViewed = "cart_viewed",
        /// Money went back. Never promoting.
        Refund = "refund",
        /// A parcel is late. Never promoting.
        Delay = "delay",
        /// A payment failed. Never promoting.
        PaymentFailed = "payment_failed",
    }
}

words! {
    /// How it reaches the customer.
    Channel {
        /// A page of the shop.
        Page = "page",
        /// Paper in the parcel.
        Parcel = "parcel",
        /// E-mail.
        Email = "email",
        /// Telephone.
        Phone = "phone",
        /// A social network.
        Social = "social",
        /// Advertisements.
        Ads = "ads",
    }
}

words! {
    /// How we know who it is. Anything else is refused.
    Identity {
        /// We do not know.
        Anonymous = "anonymous",
        /// Logged in.
        Login = "login",
        /// By this order.
        Order = "order",
        /// By a loyalty card.
        LoyaltyCard = "loyalty_card",
        /// By a signed link.
        SignedLink = "signed_link",
    }
}

words! {
    /// What the customer said about e-mail.
    EmailConsent {
        /// Nothing.
        None = "none",
        /// Asked, not confirmed yet.
        Pending = "pending",
        /// Confirmed (double opt-in).
        Confirmed = "confirmed",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// The four conditions for existing customers hold (UWG § 7(3)).
        ExistingCustomer = "existing_customer",
    }
}

words! {
    /// On what ground an option may be chosen for a person.
    Basis {
        /// The same for everybody: no data is processed.
        Unselected = "unselected",
        /// Simple criteria (stage, tier, order number, this order): legitimate interest with notice and objection.
        Segment = "segment",
        /// A detailed profile: needs `consent.profiling`.
        Profile = "profile",
    }
}

words! {
    /// Why the decision is what it is, as a class (names follow OpenFeature).
    Reason {
        /// The only option there is.
        Static = "STATIC",
        /// Nothing better fits: plain thanks.
        Default = "DEFAULT",
        /// The best ranked option for this customer.
        TargetingMatch = "TARGETING_MATCH",
        /// Seeded chance decided between equals.
        Split = "SPLIT",
        /// The customer objected.
        Disabled = "DISABLED",
        /// The policy has expired: plain thanks only.
        Stale = "STALE",
        /// The legal basis is unknown: nothing is said.
        Unknown = "UNKNOWN",
        /// Something failed.
        Error = "ERROR",
    }
}

words! {
    /// Why an option was not chosen.
    Rejection {
        /// The customer objected to advertising.
        Objected = "objected",
        /// The law forbids it for this order.
        LawForbids = "law_forbids",
        /// A consent is missing.
        ConsentMissing = "consent_missing",
        /// It was said often enough.
        CapReached = "cap_reached",
        /// Six attempts are the end.
        AttemptsExhausted = "attempts_exhausted",
        /// The same as last time, and there is another.
        Repeat = "repeat",
        /// Not at this moment.
        NoMoment = "no_moment",
        /// The moment is over.
        MomentExpired = "moment_expired",
        /// For customers further along.
        StageTooLow = "stage_too_low",
        /// For a higher tier.
        TierTooLow = "tier_too_low",
        /// Not a customer for long enough.
        DwellTime = "dwell_time",
        /// No order for too long.
        Inactive = "inactive",
        /// Something is wrong with an order: help first.
        OpenProblem = "open_problem",
        /// There is no parcel to put it in.
        NoParcel = "no_parcel",
        /// None left, or nobody said how many are left.
        OutOfStock = "out_of_stock",
        /// No time left for it.
        OutOfCapacity = "out_of_capacity",
        /// Not in this season.
        OutOfSeason = "out_of_season",
        /// The order has none of the products it goes with.
        ProductNotTagged = "product_not_tagged",
        /// The order has a product it does not go with.
        ProductExcluded = "product_excluded",
        /// Not for this country.
        CountryExcluded = "country_excluded",
        /// The order is too small.
        MinimumOrder = "minimum_order",
        /// The order is in another currency.
        CurrencyMismatch = "currency_mismatch",
        /// Not in this channel.
        ChannelUnavailable = "channel_unavailable",
        /// Not for somebody known in this way.
        BasisNotAllowed = "basis_not_allowed",
        /// In the group that is left alone, so that the effect can be measured.
        Holdout = "holdout",
        /// It needs a code and none was given.
        NoCode = "no_code",
        /// The shop does not offer it here.
        NotOffered = "not_offered",
        /// Nobody knows on what legal ground.
        UnknownBasis = "unknown_basis",
        /// Private: it would lose money, or costs more than the allowance.
        Unprofitable = "unprofitable",
        /// Private: the margin is not known.
        MarginUnknown = "margin_unknown",
        /// Private: the budget is spent.
        BudgetExhausted = "budget_exhausted",
        /// Private: above what a new customer may cost.
        CacCeiling = "cac_ceiling",
        /// Private: another option is better and cheaper.
        Dominated = "dominated",
    }
}

impl Rejection {
    /// What the public trace says: private reasons read `not_offered`.
    #[must_use]
    pub const fn public(self) -> Self {
        match self {
            Self::Unprofitable | Self::MarginUnknown | Self::BudgetExhausted | Self::CacCeiling | Self::Dominated => {
                Self::NotOffered
            }
            other => other,
        }
    }
}

impl Kind {
    /// Needs a parcel and can run out: promised only when the parcel is packed.
    #[must_use]
    pub const fn is_physical(self) -> bool {
        matches!(self, Self::Sample | Self::HapticGift | Self::Zugabe)
    }

    /// Asks the customer to buy: counts against frequency caps, and never before an intent to buy.
    #[must_use]
    pub const fn is_promotion(self) -> bool {
        matches!(
            self,
            Self::Discount
                | Self::Zugabe
                | Self::Accessory
                | Self::Partner
                | Self::Freemium
                | Self::Trial
                | Self::Exchange
        )
    }

    /// Carries a code.
    #[must_use]
    pub const fn needs_code(self) -> bool {
        matches!(self, Self::Discount | Self::Referral)
    }

    /// Costs nothing and stands beside the main option instead of competing with it.
    #[must_use]
    pub const fn stands_beside(self) -> bool {
        matches!(self, Self::Referral | Self::Feedback | Self::Invitation)
    }

    /// Given without a condition.
    #[must_use]
    pub const fn is_gift(self) -> bool {
        matches!(
            self,
            Self::Sample
                | Self::HapticGift
                | Self::Ebook
                | Self::Checklist
                | Self::Guide
                | Self::Course
                | Self::Insight
                | Self::Story
        )
    }
}

impl Moment {
    /// How long after it a new offer may still be made, in seconds; `None` when the moment never promotes.
    #[must_use]
    pub const fn window(self) -> Option<u32> {
        const HOUR: u32 = 3600;
        match self {
            Self::OrderCompleted => Some(600),
            Self::ParcelPacked => Some(7 * 24 * HOUR),
            Self::Shipped | Self::Delivered | Self::ContentConsumed | Self::FeedbackReceived => Some(48 * HOUR),
            Self::VisitEnded | Self::CourseStepDue | Self::Anniversary | Self::NewsletterConfirmed => Some(24 * HOUR),
            Self::CartViewed | Self::Refund | Self::Delay | Self::PaymentFailed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_in_json_as_it_says() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.as_str()));
        }
        for moment in Moment::ALL {
            assert_eq!(serde_json::to_string(moment).unwrap(), format!("\"{}\"", moment.as_str()));
        }
        assert_eq!(Kind::ALL.len(), 25);
        assert!(serde_json::from_str::<Kind>("\"coupon\"").is_err());
    }

    #[test]
    fn private_reasons_read_not_offered_in_public() {
        for reason in Rejection::ALL {
            let private = matches!(
                reason.as_str(),
                "unprofitable" | "margin_unknown" | "budget_exhausted" | "cac_ceiling" | "dominated"
            );
            assert_eq!(reason.public() == Rejection::NotOffered, private || *reason == Rejection::NotOffered);
        }
    }
}
