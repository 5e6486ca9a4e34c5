//! `zugabe inserts`: orders in, parcel inserts as PDF out, one page per order.

/// Without the feature there is one sentence instead.
#[cfg(not(feature = "pdf"))]
pub fn run(_: &crate::args::Inserts, _: zugabe::time::Instant) -> zugabe::reject::Result<()> {
    use zugabe::reject::{Code, Error};
    Err(Error::at(Code::InvalidState, "inserts", "This tool was built without PDF: build it with the feature \"pdf\"."))
}

#[cfg(feature = "pdf")]
pub use with_pdf::run;

#[cfg(feature = "pdf")]
mod with_pdf {
    use std::path::Path;

    use indicatif::{ProgressBar, ProgressStyle};
    use serde::Serialize;
    use zugabe::insert::Locale;
    use zugabe::offer::Program;
    use zugabe::reject::{Code, Error, Result};
    use zugabe::score::Options;
    use zugabe::shop::{CodesRequest, InsertTotals, InsertsRequest, Shop};
    use zugabe::time::Instant;
    use zugabe_print::face::Faces;
    use zugabe_print::layout::prints;
    use zugabe_print::{Booklet, Logo, Look, Marks, lay_out};

    use crate::args::Inserts;
    use crate::files::{self, Outputs, print_aside};
    use crate::{keys, orders, program};

    /// What was made.
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Done {
        design: &'static str,
        size: &'static str,
        totals: InsertTotals,
        bytes: usize,
    }

    pub fn run(args: &Inserts, now: Instant) -> Result<()> {
        let program_text = files::read_text(&args.program)?;
        let program = Program::parse(&program_text)?;
        let keys_text = keys::read(&args.keys)?.to_text().to_string();
        let settings = program.insert.clone().unwrap_or_default();
        let logo = program.shop.logo.as_deref().map(|name| read_logo(&args.program, name)).transpose()?;
        let look = Look {
            design: args.design.or(settings.design).unwrap_or(zugabe::insert::design::Design::Letter),
            sheet: args.size.or(settings.sheet).unwrap_or(zugabe::insert::design::Sheet::A6),
            logo: logo.as_ref().map(|logo| logo.size),
        };
        let read = orders::options(&args.reading, Some(&args.keys), now)?;
        let mut shop = Shop::new(orders::read_quietly(&args.orders, &read)?);
        shop.score(&Options { settings: program::settings(&program), ..Options::default() })?;

        let faces = Faces::new();
        let locale = args.locale.or_else(|| program.shop.locales.first().copied()).unwrap_or(Locale::En);
        let marks = Marks { bleed: args.bleed, crop: args.crop_marks };
        let mut booklet = Booklet::new(&faces, logo.as_ref(), marks, (&program.shop.name, locale.as_str()), now)?;
        let request = InsertsRequest {
            program_text: program_text.clone(),
            keys_text: keys_text.clone(),
            now,
            batch: args.batch,
            since: args.since,
            only: args.only.clone(),
            limit: args.limit,
            locale: args.locale,
            friend_url: None,
        };
        let bar = progress();
        let totals = shop.inserts(&request, &|name| prints(&faces, name), &mut |made| {
            bar.set_length(made.of as u64);
            bar.set_position(made.index as u64);
            let page = lay_out(&faces, &made.insert, &look).map_err(|error| of_order(error, &made.order))?;
            booklet.add(&page, made.insert.order.as_deref().unwrap_or(&made.order))
        });
        bar.finish_and_clear();
        let totals = totals?;
        if totals.inserts == 0 {
            return Err(Error::at(Code::Empty, "orders", "There is no purchase to make an insert for."));
        }
        let pdf = booklet.finish()?;
        let mut outputs = Outputs::default();
        outputs.add(&args.out, |out| {
            out.write_all(&pdf).map_err(|error| Error::new(Code::Io, format!("The PDF cannot be written: {error}.")))
        })?;
        if let Some(path) = &args.codes {
            let request =
                CodesRequest { program_text, keys_text, now, batch: args.batch, since: args.since, friend_url: None };
            let csv = shop.codes_csv(&request)?;
            outputs.add(path, |out| {
                out.write_all(csv.as_bytes())
                    .map_err(|error| Error::new(Code::Io, format!("The codes cannot be written: {error}.")))
            })?;
        }
        outputs.commit()?;
        print_aside(&Done { design: look.design.as_str(), size: look.sheet.as_str(), totals, bytes: pdf.len() })
    }

    /// The logo lies beside the program.
    fn read_logo(program: &Path, name: &str) -> Result<Logo> {
        let path = program.parent().unwrap_or_else(|| Path::new("")).join(name);
        let mut bytes = Vec::new();
        files::open(&path)
            .and_then(|mut file| {
                std::io::Read::read_to_end(&mut file, &mut bytes)
                    .map_err(|error| Error::new(Code::Io, format!("The file cannot be read: {error}.")))
            })
            .map_err(|error| Error { path: "shop.logo".to_owned(), ..error })?;
        Logo::read(&bytes)
    }

    fn of_order(error: Error, order: &str) -> Error {
        Error { path: format!("order {order}: {}", error.path), ..error }
    }

    /// A bar on standard error when that is a terminal; otherwise nothing is drawn.
    fn progress() -> ProgressBar {
        let style = ProgressStyle::with_template("Inserts  {wide_bar}  {pos} of {len}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(0).with_style(style)
    }
}
