//! `zugabe price` and `zugabe refund`: a cart with its promotions in, what they take off out; and what goes back when
//! lines come back.

use zugabe::price::{price_text, refund_text};
use zugabe::reject::Result;

use crate::args::RequestFile;
use crate::files::{print_document, read_text};

pub fn price(args: &RequestFile) -> Result<()> {
    print_document(&price_text(&read_text(&args.request)?)?)
}

pub fn refund(args: &RequestFile) -> Result<()> {
    print_document(&refund_text(&read_text(&args.request)?)?)
}
