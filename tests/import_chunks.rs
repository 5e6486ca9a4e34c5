//! Whatever a file holds and however its bytes arrive: no panic, and always the same answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use zugabe::money::Currency;
use zugabe::order::Order;
use zugabe::order::import::{ImportOptions, Importer, Report, combine};
use zugabe::reject::Result;
use zugabe::time::Instant;

fn options() -> ImportOptions {
    ImportOptions {
        currency: Some(Currency::parse("EUR").unwrap()),
        keep_lines: true,
        keep_names: true,
        ..ImportOptions::at(Instant::parse("2026-11-23T10:00:00Z").unwrap())
    }
}

fn read(text: &[u8], chunks: &[usize]) -> Result<(Vec<Order>, Report)> {
    let mut importer = Importer::new("x", options())?;
    let mut rest = text;
    for chunk in chunks.iter().chain([&usize::MAX]) {
        let (head, tail) = rest.split_at((*chunk).min(rest.len()));
        importer.push(head)?;
        rest = tail;
    }
    combine(vec![importer.finish()?], &options())
}

/// Files of every kind with odd cells, odd numbers and odd structure, long enough to outgrow what is looked at first.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let header = prop::sample::select(vec![
        "invoice,quantity,invoicedate,price,customerid,country,sku\n",
        "order;datum;kunde;e-mail;gesamt;status;rabatt;gutschein\n",
        "Name,Id,Email,Financial Status,Created at,Total,Currency,Lineitem quantity,Lineitem price\n",
        "[",
        "{\"orders\":[",
        "",
    ]);
    let row = "(([0-9]{1,3}|-?[0-9]{1,2}[.,][0-9]{0,3}|2025-0[1-9]-[0-3][0-9]|[0-9]/[0-9]{1,2}/2025|a@b|EUR|é|\"x\"\"y\"|)[,;]){4,8}[0-9]?\n";
    let json = "\\{\"(financial_status|orderNumber|billing|id|total_price|v)\":(\"[0-9.eé-]{0,5}\"|[0-9]{1,3}|null|\\[\\]|\\{\\}),\"(total_price|amountTotal|line_items|customer_id|createdAt)\":(1e2|\"9\"|null|\\[\\{\\}\\])\\}[,\n]";
    let rows = prop::collection::vec(prop_oneof![row, json], 0..12);
    (header, rows, 1_usize..3, any::<bool>()).prop_map(|(header, rows, times, long)| {
        let mut bytes = header.as_bytes().to_vec();
        let times = if long { times * 800 } else { times };
        bytes.extend(rows.concat().repeat(times).bytes());
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn chunks_of_any_size_give_the_same_answer(text in file(), chunks in prop::collection::vec(0_usize..70_000, 0..6)) {
        prop_assert_eq!(read(&text, &chunks), read(&text, &[]));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &[]);
    }
}
