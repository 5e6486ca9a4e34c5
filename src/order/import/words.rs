//! What does this word mean? Countries, states of an order, yes and no, as exports write them.

use crate::order::OrderStatus;

/// Country names in English, German, French and Spanish, as exports write them; the ISO 3166-1 code first.
const COUNTRIES: &[&str] = &[
    "AE united arab emirates|vereinigte arabische emirate",
    "AR argentina|argentinien",
    "AT austria|österreich|oesterreich|autriche",
    "AU australia|australien",
    "BE belgium|belgien|belgique|bélgica",
    "BG bulgaria|bulgarien",
    "BH bahrain",
    "BM bermuda",
    "BR brazil|brasilien|brasil",
    "CA canada|kanada|canadá",
    "CH switzerland|schweiz|suisse|suiza",
    "CN china",
    "CY cyprus|zypern|chypre|chipre",
    "CZ czech republic|czechia|tschechien|tschechische republik",
    "DE germany|deutschland|allemagne|alemania",
    "DK denmark|dänemark|danemark|dinamarca",
    "EE estonia|estland",
    "ES spain|spanien|espagne|españa",
    "FI finland|finnland|finlande|finlandia",
    "FR france|frankreich|francia",
    "GB united kingdom|great britain|england|scotland|wales|uk|vereinigtes königreich|großbritannien|royaume-uni|reino unido",
    "GR greece|griechenland|grèce|grecia",
    "HK hong kong",
    "HR croatia|kroatien",
    "HU hungary|ungarn|hongrie|hungría",
    "IE ireland|eire|irland|irlande|irlanda",
    "IL israel",
    "IN india|indien",
    "IS iceland|island",
    "IT italy|italien|italie|italia",
    "JP japan|japon|japón",
    "KR korea|south korea|republic of korea",
    "LB lebanon|libanon",
    "LI liechtenstein",
    "LT lithuania|litauen",
    "LU luxembourg|luxemburg|luxemburgo",
    "LV latvia|lettland",
    "MT malta",
    "MX mexico|mexiko|méxico",
    "NG nigeria",
    "NL netherlands|the netherlands|niederlande|holland|pays-bas|países bajos",
    "NO norway|norwegen|norvège|noruega",
    "NZ new zealand|neuseeland",
    "PL poland|polen|pologne|polonia",
    "PT portugal",
    "RO romania|rumänien",
    "RS serbia|serbien",
    "SA saudi arabia|saudi-arabien",
    "SE sweden|schweden|suède|suecia",
    "SG singapore|singapur",
    "SI slovenia|slowenien",
    "SK slovakia|slowakei",
    "TH thailand",
    "TR turkey|türkiye|türkei",
    "US usa|united states|united states of america|vereinigte staaten|états-unis|estados unidos",
    "ZA south africa|rsa|südafrika",
];

/// The two letters of a country where they are known, else the export's own words; `None` for no word.
pub(super) fn country(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        let code = text.to_ascii_uppercase();
        return Some(if code == "UK" { "GB".to_owned() } else { code });
    }
    let lower = text.to_lowercase();
    let found = COUNTRIES.iter().find(|entry| entry[3..].split('|').any(|name| name == lower));
    Some(found.map_or_else(|| text.chars().take(60).collect(), |entry| entry[..2].to_owned()))
}

/// How far an order has come, by the word an export has for it.
pub(super) fn status(word: &str) -> Option<OrderStatus> {
    let words: &[(OrderStatus, &str)] = &[
        (
            OrderStatus::Paid,
            "paid|completed|complete|processing|fulfilled|shipped|delivered|closed|success|succeeded|captured|done|\
             bezahlt|abgeschlossen|versendet|versandt|geliefert|in bearbeitung|erledigt|payé|payée|terminée|terminé|\
             expédiée|livrée|en cours|pagado|completado|enviado|entregado|procesando|sent|invoiced",
        ),
        (
            OrderStatus::Open,
            "open|pending|unpaid|authorized|authorised|on hold|on-hold|awaiting payment|partially paid|partially_paid|\
             new|in progress|offen|unbezahlt|ausstehend|wartend|neu|teilweise bezahlt|en attente|impayé|pendiente|\
             en espera|autorisiert|overdue|pending payment",
        ),
        (
            OrderStatus::PartiallyRefunded,
            "partially_refunded|partially refunded|refunded_partially|partial refund|teilweise erstattet|\
             teilerstattet|partiellement remboursé|partiellement remboursée|parcialmente reembolsado",
        ),
        (
            OrderStatus::Refunded,
            "refunded|returned|chargeback|erstattet|zurückerstattet|retourniert|remboursé|remboursée|reembolsado|\
             devuelto",
        ),
        (
            OrderStatus::Cancelled,
            "cancelled|canceled|voided|void|failed|expired|trash|rejected|declined|storniert|abgebrochen|\
             fehlgeschlagen|annulé|annulée|échouée|cancelado|anulado|fallido",
        ),
    ];
    let lower = word.trim().to_lowercase();
    words.iter().find(|(_, names)| names.split('|').any(|name| name == lower)).map(|(status, _)| *status)
}

/// Yes or no; `None` for anything else.
pub(super) fn yes(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "yes" | "true" | "1" | "y" | "ja" | "oui" | "si" | "sí" | "x" => Some(true),
        "no" | "false" | "0" | "n" | "nein" | "non" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_two_letters_where_they_are_known() {
        for (text, expected) in [
            ("EIRE", "IE"),
            ("United Kingdom", "GB"),
            ("Österreich", "AT"),
            ("de", "DE"),
            ("Channel Islands", "Channel Islands"),
            ("RSA", "ZA"),
        ] {
            assert_eq!(country(text).as_deref(), Some(expected));
        }
        assert_eq!(country(" "), None);
        assert!(COUNTRIES.iter().all(|entry| entry.as_bytes()[2] == b' '));
        assert!(COUNTRIES.iter().all(|entry| entry[3..].to_lowercase() == entry[3..]));
    }

    #[test]
    fn states_are_known_in_four_languages() {
        assert_eq!(status(" Storniert "), Some(OrderStatus::Cancelled));
        assert_eq!(status("Completed"), Some(OrderStatus::Paid));
        assert_eq!(status("remboursée"), Some(OrderStatus::Refunded));
        assert_eq!(status("partially_refunded"), Some(OrderStatus::PartiallyRefunded));
        assert_eq!(status("wunderbar"), None);
    }
}
