use proptest::prelude::*;
use zugabe::insert::Locale;
use zugabe::insert::ink::Ink;
use zugabe::insert::parcel::Brand;

use super::*;
use crate::page::{Item, Rect, Role, SMALLEST, Shape, mm};

/// German as long as the budget allows: compounds, umlauts, amounts.
const LONG: &str = "Für deine Freundin oder deinen Freund gibt es Aufmerksamkeiten ab 40,00\u{a0}€ Einkaufswert, \
    Gutscheinbedingungen und Wiedererkennungswert bleiben selbstverständlich übersichtlich beschrieben, Größenänderungen eingeschlossen.";

fn filled(block: Block) -> String {
    let mut text: String = LONG.chars().cycle().take(block.budget()).collect();
    while text.ends_with([' ', '\u{a0}']) {
        text.pop();
        text.push('n');
    }
    text
}

fn full() -> Insert {
    let mut insert = Insert {
        v: 1,
        locale: Locale::De,
        brand: Brand {
            name: filled(Block::Name),
            tagline: Some(filled(Block::Tagline)),
            color: Some("#1f6f5c".to_owned()),
            logo: None,
        },
        headline: filled(Block::Headline),
        body: filled(Block::Body),
        gift: Some(filled(Block::Gift)),
        code: None,
        shown_code: None,
        code_text: None,
        link: None,
        short_link: None,
        qr_svg: None,
        conditions: Some(filled(Block::Conditions)),
        contact: Some(filled(Block::Contact)),
        why: Some(filled(Block::Why)),
        where_to_buy: Some(filled(Block::WhereToBuy)),
        services: Some(filled(Block::Services)),
        order: Some("1001".to_owned()),
    };
    let link = format!("https://{:x<29}.example/f#03VC1S2Q4HX0", "teehaus");
    let text = filled(Block::CodeText).replacen("Für", "Dir", 1);
    insert.set_code("03VC1S2Q4HX0".to_owned(), "03VC-1S2Q-4HX0".to_owned(), text, Some(link)).unwrap();
    assert_eq!(insert.short_link.as_ref().unwrap().len(), Block::Link.budget());
    insert
}

fn short() -> Insert {
    let mut insert = full();
    insert.brand.name = "Teehaus".to_owned();
    insert.brand.tagline = None;
    insert.headline = "Danke, Ana.".to_owned();
    insert.body = "Ein kleines Geschenk liegt bei. Einfach so.".to_owned();
    for text in
        [&mut insert.gift, &mut insert.conditions, &mut insert.why, &mut insert.where_to_buy, &mut insert.services]
    {
        *text = None;
    }
    insert
}

fn looks() -> Vec<Look> {
    let mut looks = Vec::new();
    for design in Design::ALL {
        for sheet in Sheet::ALL {
            for logo in [None, Some((300, 100)), Some((100, 100)), Some((100, 400))] {
                looks.push(Look { design: *design, sheet: *sheet, logo });
            }
        }
    }
    looks
}

/// What the lines of text, the QR code and the logo take up.
fn boxes(page: &Page) -> Vec<(String, Rect)> {
    let faces = Faces::new();
    let items = page.blocks.iter().flat_map(|part| &part.items);
    items
        .filter_map(|item| match item {
            Item::Text(text) => {
                let (ascent, descent) = faces.extent(text.face);
                // What letters take up, not what the face would like around them.
                let below = if text.face == Face::Code { 0 } else { descent.min(210) };
                let (up, down) = (ascent.min(760) * text.size / 1000, below * text.size / 1000);
                let rect = Rect { x: text.x, y: text.y - up, width: text.width, height: up + down };
                Some((text.text.clone(), rect))
            }
            Item::Qr(square, rect) => {
                Some(("QR".to_owned(), rect.grown(rect.width * zugabe::insert::qr::QUIET / square.size - mm(8))))
            }
            Item::Logo(rect) => Some(("logo".to_owned(), *rect)),
            Item::Fill(..) => None,
        })
        .collect()
}

fn sound(page: &Page, look: &Look) {
    let safe = page.sheet().grown(-mm(40));
    let boxes = boxes(page);
    for (name, rect) in &boxes {
        assert!(
            safe.holds(*rect) || name == "QR" && page.sheet().holds(*rect),
            "{look:?}: {name} at {rect:?} leaves the sheet"
        );
    }
    for (index, (name, rect)) in boxes.iter().enumerate() {
        for (other, place) in &boxes[index + 1..] {
            let apart = rect.x + rect.width <= place.x
                || place.x + place.width <= rect.x
                || rect.y + rect.height <= place.y
                || place.y + place.height <= rect.y;
            assert!(apart, "{look:?}: \"{name}\" {rect:?} lies on \"{other}\" {place:?}");
        }
    }
    for line in page.lines() {
        assert!(line.size >= SMALLEST, "{look:?}: {} is smaller than 9 pt", line.text);
    }
}

/// The ground on which a line of text stands.
fn ground(page: &Page, at: (i32, i32)) -> Ink {
    let items = page.blocks.iter().rev().flat_map(|part| part.items.iter().rev());
    let mut on = items.filter_map(|item| match item {
        Item::Fill(Shape::Rect(rect, _) | Shape::Bowl(rect, _), ink) => {
            rect.holds(Rect { x: at.0, y: at.1, width: 0, height: 0 }).then_some(*ink)
        }
        _ => None,
    });
    on.next().unwrap_or(Ink::WHITE)
}

#[test]
fn all_blocks_full_at_once_fit_in_every_design_on_every_sheet() {
    let faces = Faces::new();
    for look in looks() {
        let page = lay_out(&faces, &full(), &look).unwrap_or_else(|error| panic!("{look:?}: {error}"));
        sound(&page, &look);
        let read: String = page.lines().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
        for word in ["Wiedererkennungswert", "03VC-1S2Q-4HX0", "#03VC1S2Q4HX0"] {
            assert!(read.contains(word) || read.contains(&word[..8]), "{look:?}: {word} is missing in {read}");
        }
    }
}

#[test]
fn a_short_insert_is_set_large_and_soundly() {
    let faces = Faces::new();
    for look in looks() {
        let page = lay_out(&faces, &short(), &look).unwrap();
        sound(&page, &look);
        let largest = page.lines().map(|line| line.size).max().unwrap();
        assert!(largest >= crate::page::pt(190), "{look:?}");
    }
}

#[test]
fn every_text_reads_on_its_ground_whatever_the_colour_of_the_shop() {
    let faces = Faces::new();
    for colour in ["#ffffff", "#000000", "#ffd000", "#767676", "#9a4326", "#00ff00", "#fefefe", "#7f7f80"] {
        let mut insert = short();
        insert.gift = Some("Ein Geschenk".to_owned());
        insert.brand.color = Some(colour.to_owned());
        for look in looks() {
            let page = lay_out(&faces, &insert, &look).unwrap();
            for line in page.lines() {
                let ground = ground(&page, (line.x + line.width / 2, line.y));
                assert!(line.ink.reads_on(ground), "{colour} {look:?}: {} {:?} on {ground:?}", line.text, line.ink);
            }
        }
    }
}

#[test]
fn the_qr_code_lies_on_white_and_carries_the_printed_address() {
    let faces = Faces::new();
    let insert = full();
    for look in looks() {
        let page = lay_out(&faces, &insert, &look).unwrap();
        let squares = page.blocks.iter().flat_map(|part| &part.items).filter_map(|item| match item {
            Item::Qr(square, rect) => Some((square.clone(), *rect)),
            _ => None,
        });
        let squares: Vec<_> = squares.collect();
        let [(square, rect)] = &squares[..] else { panic!("{look:?}: {} QR codes", squares.len()) };
        assert_eq!(*square, zugabe::insert::qr::square(insert.link.as_ref().unwrap()).unwrap());
        assert_eq!(ground(&page, (rect.x, rect.y)), Ink::WHITE);
        assert!(rect.width >= mm(200), "a camera needs 2 cm");
    }
}

#[test]
fn a_reader_hears_one_heading_and_words_for_every_picture() {
    let page =
        lay_out(&Faces::new(), &full(), &Look { design: Design::Card, sheet: Sheet::A6, logo: Some((2, 1)) }).unwrap();
    let count = |wanted: fn(&Role) -> bool| page.blocks.iter().filter(|part| wanted(&part.role)).count();
    assert_eq!(count(|role| *role == Role::Heading), 1);
    assert_eq!(count(|role| matches!(role, Role::Figure(words) if words.len() > 5)), 2);
}

#[test]
fn without_code_gift_or_address_the_rest_is_set_all_the_same() {
    let mut insert = short();
    (insert.code, insert.shown_code, insert.code_text, insert.link, insert.short_link) = (None, None, None, None, None);
    for look in looks() {
        sound(&lay_out(&Faces::new(), &insert, &look).unwrap(), &look);
    }
}

#[test]
fn whoever_packs_finds_the_number_of_the_order_in_every_design_with_or_without_an_address_to_ask() {
    let mut insert = short();
    insert.conditions = Some("Für die erste Bestellung.".to_owned());
    for contact in [Some("hallo@teehaus.example".to_owned()), None] {
        insert.contact = contact;
        for look in looks() {
            let page = lay_out(&Faces::new(), &insert, &look).unwrap();
            sound(&page, &look);
            assert!(page.lines().any(|line| line.text == "1001"), "{look:?}: the number is missing");
        }
    }
}

#[test]
fn what_has_no_room_is_refused_by_name() {
    let mut insert = full();
    insert.services = Some("Beratung ".repeat(200));
    for look in looks() {
        let error = lay_out(&Faces::new(), &insert, &look).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::TooLarge, "insert.services"));
    }
    let mut insert = short();
    insert.headline = "x".repeat(10_000);
    let error = lay_out(&Faces::new(), &insert, &looks()[0]).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::TooLarge, "insert.headline"));
}

#[test]
fn a_sign_without_a_shape_is_refused_and_one_that_only_steers_is_taken_out() {
    let faces = Faces::new();
    let mut insert = short();
    insert.body = "Danke 🎁".to_owned();
    let error = lay_out(&faces, &insert, &looks()[0]).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::InvalidValue, "insert.body"));
    assert!(error.message.contains("U+1F381"), "{}", error.message);
    insert.body = "Dan\u{202e}ke\u{2066}\u{0}\u{7}!".to_owned();
    let page = lay_out(&faces, &insert, &looks()[0]).unwrap();
    assert!(page.lines().any(|line| line.text == "Danke!"));
}

#[test]
fn a_name_prints_in_latin_greek_and_cyrillic_and_not_in_what_no_face_has() {
    let faces = Faces::new();
    for name in ["Ana Núñez", "Łukasz Żółć", "Ștefan Čapek", "Ελένη", "Наталья", "O’Neill", "Mu\u{308}ller", "Zoë"]
    {
        assert!(prints(&faces, name), "{name}");
    }
    for name in ["王小明", "🎁", "مريم", "שרה", "", "\u{202e}"] {
        assert!(!prints(&faces, name), "{name}");
    }
    let mut insert = short();
    insert.headline = "Danke, Наталья.".to_owned();
    for look in looks() {
        let page = lay_out(&faces, &insert, &look).unwrap();
        assert!(page.lines().all(|line| faces.missing(line.face, &line.text).is_none()), "{look:?}");
    }
}

#[test]
fn the_code_face_tells_apart_what_looks_alike() {
    let faces = Faces::new();
    let glyphs: Vec<u32> = faces.shape(Face::Code, "0O1lI").iter().map(|glyph| glyph.id).collect();
    let distinct: std::collections::BTreeSet<_> = glyphs.iter().collect();
    assert_eq!(distinct.len(), 5);
    let widths: std::collections::BTreeSet<i32> =
        faces.shape(Face::Code, "0O1lI").iter().map(|glyph| glyph.advance).collect();
    assert_eq!(widths.len(), 1, "every symbol is as wide as the others");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_text_is_set_soundly_or_refused_with_a_path(
        headline in "\\PC{0,80}", body in "[a-zA-ZäöüßéèçñÑ ¿?¡!«»\u{202f}-]{0,400}", why in "\\PC{0,60}", which in 0_usize..24,
    ) {
        let mut insert = full();
        (insert.headline, insert.body, insert.why) = (headline, body, Some(why));
        let look = looks()[which];
        match lay_out(&Faces::new(), &insert, &look) {
            Ok(page) => sound(&page, &look),
            Err(error) => prop_assert!(error.path.starts_with("insert.")),
        }
    }
}
