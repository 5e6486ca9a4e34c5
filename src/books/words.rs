//! Which words do the books use? The closed lists of tables, outcomes and refusals.

use crate::word::words;

words! {
    /// A table of the books.
    Table as "BooksTableName" {
        /// Requests that were answered, by key.
        Idempotency = "idempotency",
        /// Counters of a campaign.
        Campaign = "campaign",
        /// Money that may be spent.
        Budget = "budget",
        /// How many serials of a batch of codes were handed out.
        Batch = "batch",
        /// Codes: their terms and their counters.
        Code = "code",
        /// Who was given which code.
        Claim = "claim",
        /// Uses that are held for a while.
        Reservation = "reservation",
        /// Uses that were taken by an order.
        Redemption = "redemption",
        /// How often a customer has used something.
        CustomerUse = "customer_use",
        /// What was granted to whom.
        Reward = "reward",
        /// Recommendations: how far each has come.
        Referral = "referral",
        /// By what a recommendation is found: friend, order, code, referrer.
        ReferralLink = "referral_link",
        /// What happened: only ever added to.
        Entry = "entry",
        /// What is to be told to others.
        Outbox = "outbox",
    }
}

impl Table {
    /// Whether its rows are kept for a while only. All others stay: the books only ever grow.
    pub(super) const fn is_kept_for_a_while(self) -> bool {
        matches!(self, Self::Idempotency | Self::Outbox)
    }
}

words! {
    /// What came of an operation that was not refused.
    Outcome as "BooksOutcome" {
        /// It was done.
        Done = "done",
        /// It had been done before: nothing changed.
        AlreadyDone = "already_done",
        /// A reservation of the same holder was there and holds longer now.
        Renewed = "renewed",
        /// There was nothing to do: nothing changed, and nothing had to.
        NothingToDo = "nothing_to_do",
    }
}

words! {
    /// Why an operation was refused. What a stranger may learn of it says [`Refusal::told`].
    Refusal as "BooksRefusal" {
        /// There is no such code.
        NotFound = "not_found",
        /// It does not hold yet.
        NotStarted = "not_started",
        /// It holds no longer.
        Expired = "expired",
        /// It was made void.
        Revoked = "revoked",
        /// Every use is taken or held.
        LimitReached = "limit_reached",
        /// It belongs to somebody else.
        NotYours = "not_yours",
        /// It is a recommendation, and whoever recommends cannot be the friend.
        OwnCode = "own_code",
        /// It has a limit per customer, and the operation names none.
        CustomerRequired = "customer_required",
        /// This customer, by id or by e-mail address, has had every use of it.
        CustomerLimit = "customer_limit",
        /// The campaign has had every use of it.
        CampaignLimit = "campaign_limit",
        /// The campaign has given out every code of it.
        CodesLimit = "codes_limit",
        /// The budget does not cover it.
        BudgetExhausted = "budget_exhausted",
        /// There is no such campaign.
        CampaignNotFound = "campaign_not_found",
        /// There is no such budget.
        BudgetNotFound = "budget_not_found",
        /// There is one of that name with other terms.
        AlreadyDefined = "already_defined",
        /// This order's use of the code was given back: it cannot be taken again.
        AlreadyReleased = "already_released",
        /// There is no such redemption.
        RedemptionNotFound = "redemption_not_found",
        /// There is no such reward.
        RewardNotFound = "reward_not_found",
        /// More than is left.
        AmountTooHigh = "amount_too_high",
        /// The batch has fewer serials left.
        SerialsExhausted = "serials_exhausted",
        /// The key was used for another request.
        KeyReused = "key_reused",
        /// The same request is being answered: ask again in a moment.
        InFlight = "in_flight",
        /// Somebody else has changed it since it was read: read it again, decide again.
        Stale = "stale",
        /// Counters contradict each other: run `verify`.
        BooksBroken = "books_broken",
    }
}

words! {
    /// What a stranger may learn of a refusal. One answer for everything that would tell whether a code exists.
    Told as "BooksTold" {
        /// Unknown, expired, used up or somebody else's.
        Unknown = "unknown",
        /// Whoever recommends cannot be the friend.
        OwnCode = "own_code",
        /// Say who the customer is.
        CustomerRequired = "customer_required",
        /// The key was used for another request.
        KeyReused = "key_reused",
        /// Ask again in a moment.
        InFlight = "in_flight",
        /// The operation contradicts the books.
        Conflict = "conflict",
    }
}

impl Refusal {
    /// What a stranger may learn of it.
    #[must_use]
    pub const fn told(self) -> Told {
        match self {
            Self::NotFound
            | Self::NotStarted
            | Self::Expired
            | Self::Revoked
            | Self::LimitReached
            | Self::NotYours
            | Self::CustomerLimit
            | Self::CampaignLimit
            | Self::BudgetExhausted => Told::Unknown,
            Self::OwnCode => Told::OwnCode,
            Self::CustomerRequired => Told::CustomerRequired,
            Self::KeyReused => Told::KeyReused,
            Self::InFlight => Told::InFlight,
            Self::CodesLimit
            | Self::CampaignNotFound
            | Self::BudgetNotFound
            | Self::AlreadyDefined
            | Self::AlreadyReleased
            | Self::RedemptionNotFound
            | Self::RewardNotFound
            | Self::AmountTooHigh
            | Self::SerialsExhausted
            | Self::Stale
            | Self::BooksBroken => Told::Conflict,
        }
    }

    /// The HTTP status that goes with what is told: equal where the words are equal.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self.told() {
            Told::Unknown => 404,
            Told::OwnCode | Told::CustomerRequired | Told::KeyReused => 422,
            Told::InFlight | Told::Conflict => 409,
        }
    }

    /// Whether the answer is kept under the key of the request. What says nothing about the books is not: an attacker
    /// would fill them with guesses.
    #[must_use]
    pub const fn is_kept(self) -> bool {
        !matches!(self, Self::NotFound | Self::KeyReused | Self::InFlight | Self::Stale | Self::BooksBroken)
    }
}
