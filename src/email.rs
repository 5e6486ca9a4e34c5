//! When do two spellings of an e-mail address reach the same person? Only where the provider says so.

/// Providers that cut off what follows a plus sign. Elsewhere it is a part of the name.
const TAGS: &[&str] = &[
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "fastmail.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "posteo.de",
    "mailbox.org",
];

/// Domains whose addresses are thrown away after a few minutes: the well-known ones. A shop may name more.
const THROWAWAY: &[&str] = &[
    "10minutemail.com",
    "33mail.com",
    "discard.email",
    "dispostable.com",
    "emailondeck.com",
    "fakeinbox.com",
    "getairmail.com",
    "getnada.com",
    "grr.la",
    "guerrillamail.com",
    "guerrillamail.de",
    "guerrillamail.net",
    "guerrillamail.org",
    "mail-temp.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mintemail.com",
    "mohmal.com",
    "sharklasers.com",
    "spamgourmet.com",
    "temp-mail.org",
    "tempmail.dev",
    "tempmailo.com",
    "throwawaymail.com",
    "trash-mail.com",
    "trashmail.com",
    "trashmail.de",
    "wegwerfemail.de",
    "yopmail.com",
];

/// Local part and domain in lower case, without surrounding space; `None` when the text is no address.
#[must_use]
pub fn parts(address: &str) -> Option<(String, String)> {
    let address = address.trim().to_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    (!local.is_empty() && !domain.is_empty()).then(|| (local.to_owned(), domain.to_owned()))
}

/// The address as its provider reads it: dots and tags only count where they count there. For comparing, never for
/// writing to.
///
/// ```
/// use zugabe::email::mailbox;
/// assert_eq!(mailbox("F.oo+x@gmail.com"), mailbox("foo@googlemail.com"));
/// assert_ne!(mailbox("f.oo@example.org"), mailbox("foo@example.org"));
/// ```
#[must_use]
pub fn mailbox(address: &str) -> Option<String> {
    let (mut local, mut domain) = parts(address)?;
    if domain == "googlemail.com" {
        domain = "gmail.com".to_owned();
    }
    if TAGS.contains(&domain.as_str())
        && let Some((name, _)) = local.split_once('+')
        && !name.is_empty()
    {
        local = name.to_owned();
    }
    if domain == "gmail.com" {
        let without = local.replace('.', "");
        if !without.is_empty() {
            local = without;
        }
    }
    Some(format!("{local}@{domain}"))
}

/// Whether the address is at a domain that is thrown away: a well-known one, one of `more`, or a part of such a one.
#[must_use]
pub fn is_throwaway(address: &str, more: &[String]) -> bool {
    let Some((_, domain)) = parts(address) else { return false };
    let is = |known: &str| domain == known || domain.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'));
    THROWAWAY.iter().any(|known| is(known)) || more.iter().any(|known| is(&known.trim().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case 63.
    #[test]
    fn dots_and_tags_are_ignored_only_where_the_provider_ignores_them() {
        let same = [
            ("f.oo+x@gmail.com", "foo@googlemail.com"),
            (" Foo@GMAIL.com ", "f.o.o@gmail.com"),
            ("jo+shop@outlook.com", "jo@outlook.com"),
            ("jo+a+b@proton.me", "jo@proton.me"),
        ];
        for (a, b) in same {
            assert_eq!(mailbox(a).unwrap(), mailbox(b).unwrap(), "{a} {b}");
        }
        let different = [
            ("f.oo@example.org", "foo@example.org"),
            ("foo+x@example.org", "foo@example.org"),
            ("f.oo@outlook.com", "foo@outlook.com"),
            ("+x@gmail.com", "@gmail.com"),
            ("foo@gmail.com", "foo@proton.me"),
        ];
        for (a, b) in different {
            assert_ne!(mailbox(a), mailbox(b), "{a} {b}");
        }
        assert_eq!(mailbox("nobody"), None);
        assert_eq!(mailbox("...@gmail.com").as_deref(), Some("...@gmail.com"), "a name of dots alone stays what it is");
    }

    #[test]
    fn domains_that_are_thrown_away_are_known_with_all_below_them() {
        assert!(is_throwaway("a@Mailinator.com", &[]) && is_throwaway("a@x.mailinator.com", &[]));
        assert!(!is_throwaway("a@notmailinator.com", &[]) && !is_throwaway("mailinator.com", &[]));
        assert!(is_throwaway("a@bin.example", &["Bin.Example ".to_owned()]));
    }
}
