//! What may be said on the command line?

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::de::{DeserializeOwned, IntoDeserializer, value};
use zugabe::code::{self, TokenKind};
use zugabe::insert::Locale;
use zugabe::insert::design::{Design, Sheet};
use zugabe::issue::Spelling;
use zugabe::money::{Currency, Minor};
use zugabe::offer::words::Channel;
use zugabe::order::import::{DateOrder, DecimalMark, Field, Format};
use zugabe::price::Platform;
use zugabe::score::lifetime::ModelName;
use zugabe::time::{Day, Instant};

/// Thanks the right customer in the right way at the right moment.
///
/// Documents are JSON: camelCase, money in minor units, instants in RFC 3339. A failure is one JSON object
/// { "error": { "code", "message", "path" } } on standard error; exit code 2 for bad input, 1 otherwise.
/// Files are written whole or not at all; "-" is standard input or output.
#[derive(Parser)]
#[command(name = "zugabe", version, max_term_width = 100)]
pub struct Cli {
    /// The present, as an instant such as 2026-11-23T10:05:00+01:00, instead of the clock's
    #[arg(long, global = true, value_name = "INSTANT", value_parser = instant)]
    pub now: Option<Instant>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What the tool can do.
#[derive(Subcommand)]
pub enum Command {
    /// Read order exports: canonical orders out, one a line, with a report on standard error
    Import(Import),
    /// Write the orders of a generated shop: two years of a tea shop that does not exist
    Sample(Sample),
    /// Score customers: orders in; model, one row per customer and a summary out
    Score(Score),
    /// Fit a model of customer value: a table of customers in, parameters, log-likelihood and verdict out
    Fit(Fit),
    /// Forecast customers: a table of them and the parameters of a model in, one row per customer out
    Predict(Predict),
    /// Write a starter program
    Init(Init),
    /// Look a program over: what is wrong, what is probably not meant, and what to do about it
    Check(Check),
    /// Compile the public policy from the private program
    Publish(Publish),
    /// Decide: a request on standard input, the decision on standard output
    Decide(Decide),
    /// Plan who gets what: orders in, one row for each purchase of the last month or for each customer, with cost, what it
    /// is expected to bring, and the price of budget
    Plan(Plan),
    /// Price a cart: cart and promotions on standard input, what they take off on standard output
    Price(RequestFile),
    /// Reckon a refund: a priced cart and what comes back on standard input, the amounts on standard output
    Refund(RequestFile),
    /// The keys that make and open codes
    #[command(subcommand)]
    Keys(Keys),
    /// Mint codes: one JSON object a line, and on standard error where the next minting begins
    Mint(Mint),
    /// Make parcel inserts: orders in, a print-ready PDF out, one page per order
    Inserts(Inserts),
    /// Settle recommendations: orders in; who is owed what, who is not, and why out, with the codes to import. The next
    /// export goes on where this one ended
    Settle(Settle),
    /// Bring codes, facts about customers and the policy into a shop; run again, it goes on where it was cut off
    Push(Push),
    /// Check codes with the keys: one verdict a line, in the order of the codes
    Verify(Verify),
    /// Print the JSON Schema of a document
    Schema(Schema),
}

/// How order files are read.
#[derive(Args)]
pub struct Reading {
    /// What the files are, when it cannot be told from their content:
    /// csv, shopify, shopware, woocommerce or orders (canonical NDJSON)
    #[arg(long, value_name = "FORMAT", default_value = "auto", value_parser = word::<Format>)]
    pub from: Format,
    /// The column of a field, such as total="Amount paid"; an empty name leaves the field out. May be repeated
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = mapping)]
    pub map: Vec<(Field, String)>,
    /// The currency of amounts that name none, such as EUR
    #[arg(long, value_name = "CODE", value_parser = word::<Currency>)]
    pub currency: Option<Currency>,
    /// The time zone of times that name none, such as Europe/Berlin; without it UTC
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Leave out orders before this day in every file but the one that begins first
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub count_from: Option<Day>,
    /// How 01/02/2026 is read where the column does not tell: day_first or month_first
    #[arg(long, value_name = "ORDER", value_parser = word::<DateOrder>)]
    pub date_order: Option<DateOrder>,
    /// What stands before decimals where the column does not tell: point or comma
    #[arg(long, value_name = "MARK", value_parser = word::<DecimalMark>)]
    pub decimal: Option<DecimalMark>,
    /// Keep the names of customers, to greet them with
    #[arg(long)]
    pub keep_names: bool,
}

/// `zugabe import`
#[derive(Args)]
pub struct Import {
    /// Order exports: CSV, or the JSON of Shopify, Shopware or WooCommerce
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Keep what was bought, line by line
    #[arg(long)]
    pub keep_lines: bool,
    /// A key file (or env:NAME), so that e-mail addresses are hashed with a secret of this shop
    #[arg(long, value_name = "KEYS")]
    pub keys: Option<KeySource>,
    /// Write the orders here instead of to standard output
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub out: PathBuf,
    /// Write the report here instead of to standard error
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `zugabe sample`
#[derive(Args)]
pub struct Sample {
    /// The same seed and the same last day give the same shop
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// The last day; without it, the day before the present one
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub end: Option<Day>,
    /// Canonical orders one a line, or a CSV file as shops export it
    #[arg(long, value_enum, default_value_t = SampleFormat::Ndjson)]
    pub format: SampleFormat,
    /// Write the orders here instead of to standard output
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub out: PathBuf,
}

/// How a generated shop is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SampleFormat {
    /// Canonical orders, one a line
    Ndjson,
    /// CSV with a row per order
    Csv,
}

/// `zugabe score`
#[derive(Args)]
pub struct Score {
    /// Orders: canonical NDJSON, or any export that `import` reads
    #[arg(required = true, value_name = "ORDERS")]
    pub orders: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// A key file (or env:NAME), so that e-mail addresses are hashed with a secret of this shop
    #[arg(long, value_name = "KEYS")]
    pub keys: Option<KeySource>,
    /// The program whose tiers and stages hold; without it, the defaults
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// Write the model here
    #[arg(long, value_name = "FILE")]
    pub model_out: Option<PathBuf>,
    /// Write one row per customer here: CSV, or NDJSON when the name ends in .ndjson
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Leave out orders after this day, in the shop's time zone, and count from it; without it, the day of the last order
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Day>,
    /// How customers are scored: a file with score settings (see `schema settings`), in place of the program's
    #[arg(long, value_name = "FILE", conflicts_with = "program")]
    pub settings: Option<PathBuf>,
    /// The evaluation before this one, as --evaluation-out wrote it: a tier is taken away by two in a row
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// Write what the next evaluation needs to know of this one here
    #[arg(long, value_name = "FILE")]
    pub evaluation_out: Option<PathBuf>,
    /// Friends who came by a recommendation, and what is assumed about them (JSON: friends, terms), for --referral-out
    #[arg(long, value_name = "FILE", requires = "referral_out", conflicts_with_all = ["check", "without_value"])]
    pub friends: Option<PathBuf>,
    /// Write what each customer's own purchases and, beside it, those of her friends are worth here, as CSV
    #[arg(long, value_name = "FILE", requires = "friends")]
    pub referral_out: Option<PathBuf>,
    /// Tell nothing about the future: tiers and stages alone, sooner
    #[arg(long, conflicts_with = "check")]
    pub without_value: bool,
    /// Fit to the first part of the orders and compare the forecast with the rest, in place of the summary
    #[arg(long)]
    pub check: bool,
    /// How many days at the end --check compares with; without it a third of all
    #[arg(long, value_name = "DAYS", requires = "check", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub check_days: Option<u32>,
    /// Draw the comparison of --check here, as SVG
    #[arg(long, value_name = "FILE", requires = "check")]
    pub plot: Option<PathBuf>,
    #[command(flatten)]
    pub threads: Threads,
}

/// On how many threads.
#[derive(Args)]
pub struct Threads {
    /// How many threads to work on; without it all there are. The answer is the same
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    pub threads: usize,
}

/// `zugabe fit`
#[derive(Args)]
pub struct Fit {
    /// Customers: CSV or NDJSON with frequency, recency and T, and monetary_value for gammagamma
    #[arg(value_name = "SUMMARY", default_value = "-", hide_default_value = true)]
    pub table: PathBuf,
    /// bgnbd, mbgnbd, paretonbd or gammagamma
    #[arg(long, value_name = "MODEL", default_value = "bgnbd", value_parser = word::<ModelName>)]
    pub model: ModelName,
    /// Weight of an L2 penalty on the logarithms of the parameters, for small shops: 0.001 to 0.01
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    pub penalty: f64,
    #[command(flatten)]
    pub threads: Threads,
    /// Write it here instead of to standard output
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub out: PathBuf,
}

/// `zugabe predict`
#[derive(Args)]
pub struct Predict {
    /// Customers: CSV or NDJSON with frequency, recency and T, monetary_value for amounts, and id
    #[arg(value_name = "ROWS", default_value = "-", hide_default_value = true)]
    pub table: PathBuf,
    /// Parameters, or what `fit` wrote: JSON, or a file with it
    #[arg(long, value_name = "JSON")]
    pub params: String,
    /// Parameters of amounts, or what `fit --model gammagamma` wrote, where --params has none: JSON, or a file with it
    #[arg(long, value_name = "JSON")]
    pub spend: Option<String>,
    /// bgnbd, mbgnbd or paretonbd
    #[arg(long, value_name = "MODEL", default_value = "bgnbd", value_parser = word::<ModelName>)]
    pub model: ModelName,
    /// How far to look, in the unit of recency and T
    #[arg(long, value_name = "TIME")]
    pub horizon: f64,
    /// What money loses in each discount period: 0.01 is 1 %
    #[arg(long, value_name = "RATE", default_value_t = 0.0)]
    pub discount: f64,
    /// How long a discount period is, in the unit of recency and T: 4.345 is a month of weeks
    #[arg(long, value_name = "TIME", default_value_t = 1.0)]
    pub discount_period: f64,
    /// How to write: csv or ndjson
    #[arg(long, value_enum, default_value_t = RowFormat::Csv)]
    pub format: RowFormat,
    #[command(flatten)]
    pub threads: Threads,
    /// Write them here instead of to standard output
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub out: PathBuf,
}

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// A header and a row per customer
    Csv,
    /// One JSON object a line
    Ndjson,
}

/// `zugabe init`
#[derive(Args)]
pub struct Init {
    /// The shop's name, as customers know it; on a terminal it is asked for
    #[arg(long)]
    pub name: Option<String>,
    /// Its currency; without it that of the model, or EUR
    #[arg(long, value_name = "CODE", value_parser = word::<Currency>)]
    pub currency: Option<Currency>,
    /// The model that `score` wrote: it knows the currency and the usual basket, of which a thank-you may cost 2 %
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Its time zone, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub time_zone: String,
    /// The languages of its texts
    #[arg(long, value_name = "LANGUAGES", value_delimiter = ',', value_parser = word::<Locale>)]
    pub locales: Vec<Locale>,
    /// What a thank-you may cost at most, in minor units; on a terminal it is asked for, without it 2.00
    #[arg(long, value_name = "AMOUNT")]
    pub max: Option<Minor>,
    /// The page that greets a friend
    #[arg(long, value_name = "URL")]
    pub friend_url: Option<String>,
    /// Five lines and no more: everything else is left to its default
    #[arg(long)]
    pub five_lines: bool,
    /// Plain JSON: no comments, and no schema beside it
    #[arg(long)]
    pub plain: bool,
    /// Write it here, with comments and its JSON Schema beside it; an existing file is never overwritten
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `zugabe check`
#[derive(Args)]
pub struct Check {
    /// The program
    #[arg(value_name = "PROGRAM")]
    pub program: PathBuf,
}

/// `zugabe publish`
#[derive(Args)]
pub struct Publish {
    /// The program
    #[arg(long, value_name = "FILE")]
    pub program: PathBuf,
    /// The model that `score` wrote; without it, baskets are assumed
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Who the policy is for: page, parcel or email
    #[arg(long, value_name = "CHANNEL", default_value = "page", value_parser = word::<Channel>)]
    pub audience: Channel,
    /// Days until only plain thanks is said: publish again before
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    pub days: u16,
    /// Write the policy here instead of to standard output
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub out: PathBuf,
    /// What is spent of a budget in the running period, in minor units, such as regulars=12000. May be repeated; a
    /// budget that is not told of counts as spent for discounts
    #[arg(long, value_name = "BUDGET=AMOUNT", value_parser = spent)]
    pub spent: Vec<(String, u32)>,
}

/// `zugabe decide`
#[derive(Args)]
pub struct Decide {
    /// The policy to decide by
    #[arg(long, value_name = "FILE", required_unless_present = "program", conflicts_with_all = ["program", "model"])]
    pub policy: Option<PathBuf>,
    /// The program to decide by; its numbers are added to the decision
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// The model that `score` wrote
    #[arg(long, value_name = "FILE", requires = "program")]
    pub model: Option<PathBuf>,
    /// Who a decision by program is for: page, parcel or email
    #[arg(long, value_name = "CHANNEL", default_value = "page", value_parser = word::<Channel>)]
    pub audience: Channel,
    /// As in `publish`, for a decision by program
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    pub days: u16,
    /// Tell the decision as text for a person instead of as a document
    #[arg(long)]
    pub explain: bool,
    /// Tell why this option was not chosen, and what would have to be different
    #[arg(long, value_name = "OPTION", conflicts_with = "explain")]
    pub why_not: Option<String>,
    /// The request
    #[arg(value_name = "REQUEST", default_value = "-", hide_default_value = true)]
    pub request: PathBuf,
}

/// `zugabe plan`
#[derive(Args)]
pub struct Plan {
    /// The order files
    #[arg(value_name = "ORDERS", required = true)]
    pub orders: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// The program
    #[arg(long, value_name = "FILE")]
    pub program: PathBuf,
    /// Who gets it: page, parcel or email
    #[arg(long, value_name = "CHANNEL", default_value = "parcel", value_parser = word::<Channel>)]
    pub audience: Channel,
    /// A row for each known customer instead of for each purchase of the period
    #[arg(long, conflicts_with_all = ["since", "until"])]
    pub customers: bool,
    /// The first day whose purchases count; 29 days before the last purchase
    #[arg(long, value_name = "DATE", value_parser = word::<Day>)]
    pub since: Option<Day>,
    /// The last day whose purchases count; that of the last purchase
    #[arg(long, value_name = "DATE", value_parser = word::<Day>)]
    pub until: Option<Day>,
    /// One budget for all in minor units, in place of the program's
    #[arg(long, value_name = "AMOUNT", value_parser = clap::value_parser!(Minor).range(0..))]
    pub budget: Option<Minor>,
    /// What is spent of a budget of the program, in minor units, such as regulars=12000. May be repeated
    #[arg(long, value_name = "BUDGET=AMOUNT", value_parser = spent)]
    pub spent: Vec<(String, u32)>,
    /// Write all rows here, as CSV
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `zugabe price` and `zugabe refund`
#[derive(Args)]
pub struct RequestFile {
    /// The request
    #[arg(value_name = "REQUEST", default_value = "-", hide_default_value = true)]
    pub request: PathBuf,
}

/// Where a key set is kept.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// In a file; `-` is standard input.
    File(PathBuf),
    /// In an environment variable of this name.
    Environment(String),
}

impl From<&std::ffi::OsStr> for KeySource {
    fn from(text: &std::ffi::OsStr) -> Self {
        match text.to_str().and_then(|text| text.strip_prefix("env:")) {
            Some(name) => Self::Environment(name.to_owned()),
            None => Self::File(text.into()),
        }
    }
}

impl From<std::ffi::OsString> for KeySource {
    fn from(text: std::ffi::OsString) -> Self {
        Self::from(text.as_os_str())
    }
}

/// `zugabe keys`
#[derive(Subcommand)]
pub enum Keys {
    /// Make a new key file from the operating system's random source. Keep it secret, keep a copy: who has it can mint
    New {
        /// Write it here, readable by its owner only; an existing file is never overwritten
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Make a new active key in a free slot; codes of the key before it still verify. Put a copy of the file aside first
    Rotate {
        /// The key file; it is replaced
        #[arg(long, value_name = "FILE")]
        keys: KeySource,
        /// How link tokens of the new key are signed: hmac or ed25519
        #[arg(long, value_name = "KIND", default_value = "hmac", value_parser = word::<TokenKind>)]
        token: TokenKind,
    },
    /// Show slots, states and fingerprints, and no secret
    Show {
        /// The key file, or env:NAME for an environment variable
        #[arg(long, value_name = "KEYS")]
        keys: KeySource,
    },
}

/// `zugabe mint`
#[derive(Args)]
pub struct Mint {
    /// The key file, or env:NAME for an environment variable; either holds a key file's text or one master secret
    #[arg(long, value_name = "KEYS")]
    pub keys: KeySource,
    /// The batch, 0 to 4095 (c10: 63)
    #[arg(long, value_name = "NUMBER")]
    pub batch: u32,
    /// How many codes
    #[arg(long, value_name = "NUMBER", required_unless_present = "orders", conflicts_with = "orders")]
    pub count: Option<u32>,
    /// The first serial: where the last minting of this batch ended
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub start: u32,
    /// The format: c12, or c10 for a few codes of little value
    #[arg(long, default_value = "c12", value_parser = word::<code::Format>)]
    pub format: code::Format,
    /// One code for each purchase in these orders (canonical NDJSON, or an export), the earliest first
    #[arg(long = "for", value_name = "ORDERS", id = "orders")]
    pub orders: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Write the codes here instead of to standard output
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub out: PathBuf,
    /// Write the files with which this platform takes the codes over, beside --out: shopify, shopware or woocommerce.
    /// Needs --promotion or --program; --currency and --time-zone are the shop's
    #[arg(long, value_name = "PLATFORM", requires = "out", value_parser = word::<Platform>)]
    pub platform: Option<Platform>,
    /// What the codes stand for, as it stands in a price request
    #[arg(long, value_name = "FILE", requires = "platform", conflicts_with = "program")]
    pub promotion: Option<PathBuf>,
    /// The program in whose terms the codes are given
    #[arg(long, value_name = "FILE", requires_all = ["platform", "option"])]
    pub program: Option<PathBuf>,
    /// The option of the program that the codes stand for
    #[arg(long, value_name = "ID", requires = "program")]
    pub option: Option<String>,
    /// The platform's own id of the promotion: gid://shopify/... once the discount is there; for Shopware 32 hexadecimal
    /// digits of your choice
    #[arg(long, value_name = "ID", requires = "platform")]
    pub promotion_id: Option<String>,
    /// How often each code may be redeemed
    #[arg(long, value_name = "NUMBER", requires = "platform", default_value_t = 1)]
    pub uses_per_code: u32,
    /// Let a customer use several codes of the promotion
    #[arg(long, requires = "platform")]
    pub many_per_customer: bool,
    /// Write a page of printable blocks here: code, short address and QR code
    #[arg(long, value_name = "FILE", requires = "link")]
    pub blocks: Option<PathBuf>,
    /// The address that the blocks lead to, with {code} where the code belongs
    #[arg(long, value_name = "URL", requires = "blocks")]
    pub link: Option<String>,
    /// How codes are written for the platform and in print: shown (with dashes) or plain
    #[arg(long, value_name = "SPELLING", default_value = "shown", value_parser = word::<Spelling>)]
    pub spelling: Spelling,
}

/// `zugabe settle`
#[derive(Args)]
pub struct Settle {
    /// Orders: canonical NDJSON, or any export that `import` reads. All of them from the first one on
    #[arg(required = true, value_name = "FILE")]
    pub orders: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// The program
    #[arg(long, value_name = "FILE")]
    pub program: PathBuf,
    /// The key file, or env:NAME for an environment variable
    #[arg(long, value_name = "KEYS")]
    pub keys: KeySource,
    /// The books: read where the file is there, and written for the next run
    #[arg(long, value_name = "FILE")]
    pub books: Option<PathBuf>,
    /// Codes that were given out with `mint --for`, as it wrote them; without it, one for each purchase as in the inserts
    #[arg(long, value_name = "FILE")]
    pub codes: Option<PathBuf>,
    /// The batch of the codes, as in `inserts`
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub batch: u32,
    /// The batch that codes for rewards come from
    #[arg(long, value_name = "NUMBER", default_value_t = 4095)]
    pub reward_batch: u32,
    /// A flagged recommendation that somebody looked at and passed. May be repeated
    #[arg(long, value_name = "ID")]
    pub approve: Vec<String>,
    /// A flagged recommendation that somebody looked at and rejected. May be repeated
    #[arg(long, value_name = "ID")]
    pub void: Vec<String>,
    /// Write the recommendations here, as CSV
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the rewards of this run here, as CSV
    #[arg(long, value_name = "FILE")]
    pub rewards: Option<PathBuf>,
    /// Write the files with which this platform takes the codes for rewards over, beside --rewards: shopify, shopware or
    /// woocommerce
    #[arg(long, value_name = "PLATFORM", requires = "rewards", value_parser = word::<Platform>)]
    pub platform: Option<Platform>,
    /// The platform's own id of the promotion, as in `mint`
    #[arg(long, value_name = "ID", requires = "platform")]
    pub promotion_id: Option<String>,
}

/// `zugabe inserts`
#[derive(Args)]
pub struct Inserts {
    /// Orders: canonical NDJSON, or any export that `import` reads. Tell all of them, so that who comes back is known
    #[arg(long, required = true, value_name = "FILE", num_args = 1.., id = "order files")]
    pub orders: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// The program
    #[arg(long, value_name = "FILE")]
    pub program: PathBuf,
    /// The key file, or env:NAME for an environment variable
    #[arg(long, value_name = "KEYS")]
    pub keys: KeySource,
    /// The batch of the codes; a program with several code options takes the batches after it, too
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub batch: u32,
    /// The PDF
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// At most so many inserts in one PDF: inserts-001.pdf, inserts-002.pdf and so on in place of inserts.pdf. Takes
    /// no more memory than one of them
    #[arg(long, value_name = "NUMBER")]
    pub per_file: Option<NonZeroUsize>,
    /// The sheet: a6 or dinlang; without it, the program's
    #[arg(long, value_name = "SHEET", value_parser = word::<Sheet>)]
    pub size: Option<Sheet>,
    /// The look: letter, card or poster; without it, the program's
    #[arg(long, value_name = "NAME", value_parser = word::<Design>)]
    pub design: Option<Design>,
    /// Let colour go 3 mm beyond the edge, for a print shop
    #[arg(long)]
    pub bleed: bool,
    /// Add crop marks, and the bleed with them
    #[arg(long)]
    pub crop_marks: bool,
    /// The language; without it, the program's first
    #[arg(long, value_name = "LANGUAGE", value_parser = word::<Locale>)]
    pub locale: Option<Locale>,
    /// Only purchases from this day on
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub since: Option<Day>,
    /// Only this order, by id or number. May be repeated
    #[arg(long, value_name = "ORDER")]
    pub only: Vec<String>,
    /// Only the latest so many
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
    /// Write the codes here, too, as CSV: an order and a code a row
    #[arg(long, value_name = "FILE")]
    pub codes: Option<PathBuf>,
}

/// `zugabe push`
#[derive(Args)]
pub struct Push {
    /// The shop's system: shopify, shopware or woocommerce
    #[arg(long, value_name = "PLATFORM", value_parser = word::<Platform>)]
    pub to: Platform,
    /// The shop's address, such as https://tea.myshopify.com
    #[arg(long, value_name = "URL")]
    pub shop: String,
    /// What lets us in: env:NAME, or a file that only you may read. Shopify: the app's access token; Shopware: id:secret of an
    /// integration; WooCommerce: key:secret
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<KeySource>,
    /// Codes, one a line: as `mint` writes them, or bare
    #[arg(long, value_name = "FILE")]
    pub codes: Option<PathBuf>,
    /// What the codes stand for, as it stands in a price request
    #[arg(long, value_name = "FILE", requires = "codes", conflicts_with = "program")]
    pub promotion: Option<PathBuf>,
    /// The program in whose terms the codes are given
    #[arg(long, value_name = "FILE", requires_all = ["codes", "option"])]
    pub program: Option<PathBuf>,
    /// The option of the program that the codes stand for
    #[arg(long, value_name = "ID", requires = "program")]
    pub option: Option<String>,
    /// The platform's own id of a promotion that is there already: the codes are added to it
    #[arg(long, value_name = "ID", requires = "codes")]
    pub promotion_id: Option<String>,
    /// How often each code may be redeemed
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub uses_per_code: u32,
    /// Let a customer use several codes of the promotion
    #[arg(long)]
    pub many_per_customer: bool,
    /// How codes are written: shown (with dashes) or plain. As they are printed
    #[arg(long, value_name = "SPELLING", default_value = "shown", value_parser = word::<Spelling>)]
    pub spelling: Spelling,
    /// The currency of the shop's prices; without it the promotion's
    #[arg(long, value_name = "CODE", value_parser = word::<Currency>)]
    pub currency: Option<Currency>,
    /// The time zone of the promotion's days, such as Europe/Berlin; without it UTC
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Shopware: a sales channel in which the codes hold; without it all storefronts. May be repeated
    #[arg(long, value_name = "ID")]
    pub sales_channel: Vec<String>,
    /// Shopware: the pattern by which the administration may make more codes, such as DANKE-%s%d%s%d
    #[arg(long, value_name = "PATTERN")]
    pub pattern: Option<String>,
    /// Customers, as `score --out` writes them (CSV or NDJSON): tier, stage, number of orders, and the code that --codes has for them
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    /// Write the tier as a tag of the customer, too
    #[arg(long, requires = "facts")]
    pub tags: bool,
    /// The policy, as `publish` wrote it (Shopify, Shopware)
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Keep here how far it has come, and go on from there
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// Print every request, one a line, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Shopify: the version of its API, 2026-10 or 2026-07
    #[arg(long, value_name = "VERSION")]
    pub api_version: Option<String>,
}

/// `zugabe verify`
#[derive(Args)]
pub struct Verify {
    /// The key file, or env:NAME for an environment variable; either holds a key file's text or one master secret
    #[arg(long, value_name = "KEYS")]
    pub keys: KeySource,
    /// The codes as they were typed, or link tokens; without any, one a line from standard input
    #[arg(value_name = "CODE")]
    pub codes: Vec<String>,
}

/// `zugabe schema`
#[derive(Args)]
pub struct Schema {
    /// The document; without it, the names of all documents are listed
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// The instant that the machine's clock shows.
pub fn clock() -> Instant {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Instant::from_unix(i64::try_from(seconds).unwrap_or(0))
}

fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).map_err(|error| error.message)
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|error| error.message)
}

/// A word of one of the core's closed lists, as it appears in JSON.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let text: value::StrDeserializer<'_, value::Error> = text.into_deserializer();
    T::deserialize(text).map_err(|error| error.to_string())
}

fn mapping(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text.split_once('=').ok_or("a mapping is written field=column, such as total=Amount")?;
    Field::parse(field.trim()).map(|field| (field, column.to_owned())).map_err(|error| error.message)
}

/// Reads `regulars=12000`.
fn spent(text: &str) -> Result<(String, u32), String> {
    text.split_once('=')
        .and_then(|(id, amount)| Some((id.to_owned(), amount.parse().ok()?)))
        .ok_or_else(|| "write the budget and minor units, such as regulars=12000".to_owned())
}
