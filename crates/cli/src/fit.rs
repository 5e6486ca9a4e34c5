//! `zugabe fit`: a table of customers in; parameters, log-likelihood and verdict out.

use zugabe::reject::Result;
use zugabe::score::lifetime::{fit, rows};

use crate::args::Fit;
use crate::files::{self, Outputs};
use crate::threads::Pool;

pub fn run(args: &Fit) -> Result<()> {
    let pool = Pool::new(&args.threads)?;
    let rows = rows::read(&files::read_bytes(&args.table)?, &pool)?;
    let fitted = fit(args.model, &rows.customers, args.penalty, &pool)?;
    let mut outputs = Outputs::default();
    outputs.add_document(&args.out, &fitted)?;
    outputs.commit()
}
