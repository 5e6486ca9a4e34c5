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
    use std::num::NonZeroUsize;
    use std::path::{Path, PathBuf};

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
    use zugabe_print::page::Page;
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
        files: usize,
        bytes: usize,
    }

    /// One PDF or several, of which never more than one is in memory.
    struct Volumes<'a, B: Fn() -> Result<Booklet<'a>>> {
        begin: B,
        booklet: Option<Booklet<'a>>,
        /// Inserts in the booklet.
        pages: usize,
        per_file: Option<NonZeroUsize>,
        path: &'a Path,
        outputs: Outputs,
        files: usize,
        bytes: usize,
    }

    impl<'a, B: Fn() -> Result<Booklet<'a>>> Volumes<'a, B> {
        fn add(&mut self, page: &Page, name: &str) -> Result<()> {
            if self.per_file.is_some_and(|most| self.pages == most.get()) {
                self.close()?;
            }
            let mut booklet = self.booklet.take().map_or_else(&self.begin, Ok)?;
            booklet.add(page, name)?;
            self.booklet = Some(booklet);
            self.pages += 1;
            Ok(())
        }

        /// Writes what was begun beside its place.
        fn close(&mut self) -> Result<()> {
            let Some(booklet) = self.booklet.take() else { return Ok(()) };
            self.files += 1;
            self.pages = 0;
            let pdf = booklet.finish()?;
            self.bytes += pdf.len();
            let path = self.per_file.map_or_else(|| self.path.to_path_buf(), |_| volume(self.path, self.files));
            self.outputs.add(&path, |out| {
                out.write_all(&pdf)
                    .map_err(|error| Error::new(Code::Io, format!("The PDF cannot be written: {error}.")))
            })
        }
    }

    /// `inserts-001.pdf` for `inserts.pdf`.
    fn volume(path: &Path, number: usize) -> PathBuf {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
        path.with_file_name(format!("{stem}-{number:03}{ending}"))
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
        if args.per_file.is_some() && args.out.as_os_str() == "-" {
            let why = "Several files cannot go to standard output: name a file in --out.";
            return Err(Error::at(Code::InvalidValue, "--per-file", why));
        }
        let mut volumes = Volumes {
            begin: || Booklet::new(&faces, logo.as_ref(), marks, (&program.shop.name, locale.as_str()), now),
            booklet: None,
            pages: 0,
            per_file: args.per_file,
            path: &args.out,
            outputs: Outputs::default(),
            files: 0,
            bytes: 0,
        };
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
            volumes.add(&page, made.insert.order.as_deref().unwrap_or(&made.order))
        });
        bar.finish_and_clear();
        let totals = totals?;
        if totals.inserts == 0 {
            return Err(Error::at(Code::Empty, "orders", "There is no purchase to make an insert for."));
        }
        volumes.close()?;
        let Volumes { mut outputs, files, bytes, .. } = volumes;
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
        print_aside(&Done { design: look.design.as_str(), size: look.sheet.as_str(), totals, files, bytes })
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
