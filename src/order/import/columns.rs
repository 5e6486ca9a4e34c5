//! Which column is which? Guessed from the header in English, German, French and Spanish, or as the merchant says.

use std::collections::BTreeMap;

use super::options::{Field, ImportOptions};
use crate::money::Currency;
use crate::reject::{Code, Error, Result};

/// Column names per field, the surest first, as [`normalised`] writes them.
const SYNONYMS: &[(Field, &str)] = &[
    (
        Field::Order,
        "orderid ordernumber orderno ordernr order orderref orderreference invoiceid invoicenumber invoiceno invoicenr \
         invoice bestellnummer bestellnr bestellid bestellungsnummer bestellung auftragsnummer auftragsnr auftrag \
         rechnungsnummer rechnungsnr rechnung belegnummer belegnr beleg numerodecommande numerocommande ndecommande \
         ncommande idcommande referencecommande commande numerodefacture numerofacture nfacture facture \
         numerodepedido numeropedido ndepedido npedido idpedido pedido numerodefactura numerofactura nfactura factura \
         transactionid transaction receiptnumber receipt id",
    ),
    (Field::Number, "number ordername displaynumber"),
    (
        Field::Date,
        "orderdate dateoforder orderdatetime orderedat ordereddate createdat datecreated creationdate created \
         invoicedate purchasedate purchasedat transactiondate placedat datetime timestamp date bestelldatum \
         bestellungsdatum bestelltam auftragsdatum rechnungsdatum belegdatum erstelltam datum zeitpunkt \
         datedecommande datecommande datedefacture datefacture datedecreation creele fechadepedido fechapedido \
         fechadefactura fechafactura fechadecreacion fecha",
    ),
    (Field::PaidAt, "paidat datepaid paymentdate bezahltam zahlungsdatum datedepaiement fechadepago"),
    (Field::CancelledAt, "cancelledat canceledat cancellationdate storniertam stornodatum datedannulation"),
    (
        Field::Customer,
        "customerid customernumber customerno customernr customer clientid userid accountid memberid buyerid \
         kundennummer kundennr kundenid kunde debitorennummer debitor numeroclient numerodeclient idclient codeclient \
         client numerocliente numerodecliente idcliente codigocliente cliente",
    ),
    (
        Field::Email,
        "customeremail billingemail emailbilling buyeremail emailaddress email mail emailadresse kundenemail \
         adresseemail adressemail courriel emailclient emailcliente correoelectronico correo",
    ),
    (
        Field::Name,
        "customername billingname buyername fullname name kundenname nomduclient nomclient nom nombredelcliente \
         nombrecliente nombre",
    ),
    (Field::Guest, "guest isguest guestorder gast gastbestellung gastkunde invite commandeinvite invitado"),
    (
        Field::Quantity,
        "quantity qty quantityordered lineitemquantity units unitssold pieces menge anzahl stuckzahl stueckzahl stuck \
         stueck quantite qte cantidad cant unidades",
    ),
    (
        Field::Price,
        "unitprice itemprice priceperunit lineitemprice price salesprice einzelpreis stuckpreis stueckpreis preis \
         prixunitaire prix preciounitario precio",
    ),
    (
        Field::Total,
        "ordertotal grandtotal totalprice totalamount totalpaid amounttotal total amount ordervalue revenue sales \
         value gesamtbetrag gesamtsumme gesamtpreis gesamt endsumme summe rechnungsbetrag bestellwert bruttobetrag \
         betrag umsatz montanttotal totalttc totalcommande prixtotal montant importetotal totalpedido preciototal \
         importe",
    ),
    (Field::Subtotal, "subtotal zwischensumme warenwert soustotal"),
    (
        Field::Shipping,
        "shippingtotal shippingcost shippingcosts shippingamount shipping versandkosten versand fraisdeport \
         fraisdelivraison livraison gastosdeenvio envio",
    ),
    (
        Field::Tax,
        "totaltax taxamount taxtotal taxes tax vatamount vat mehrwertsteuer umsatzsteuer mwst ust steuer tva iva \
         impuestos",
    ),
    (
        Field::Discount,
        "discounttotal totaldiscount discountamount discount rabattbetrag rabatt nachlass remise reduction descuento",
    ),
    (
        Field::DiscountCode,
        "discountcode discountcodes couponcode couponcodes coupon coupons vouchercode voucher promocode promotioncode \
         gutscheincode gutschein rabattcode aktionscode codepromo codedereduction codigodescuento codigodedescuento \
         codigopromocional cupon",
    ),
    (
        Field::Refunded,
        "refundedamount amountrefunded refundamount refundtotal totalrefunded refunded refund erstattungsbetrag \
         erstattet erstattung ruckerstattung rueckerstattung gutschrift montantrembourse rembourse remboursement \
         importereembolsado reembolsado reembolso",
    ),
    (Field::Currency, "currencycode ordercurrency currency isocurrency wahrung waehrung devise monnaie moneda divisa"),
    (
        Field::Status,
        "orderstatus financialstatus paymentstatus status bestellstatus auftragsstatus zahlungsstatus \
         statutdecommande statutcommande statut estadodelpedido estadopedido estado",
    ),
    (
        Field::Country,
        "shippingcountry deliverycountry shippingcountrycode countrycode countryiso country countryname lieferland land \
         paysdelivraison pays paisdeenvio pais",
    ),
    (Field::BillingCountry, "billingcountry billingcountrycode rechnungsland paysdefacturation paisdefacturacion"),
    (Field::Lines, "lines linecount lineitems itemcount items positionen anzahlpositionen"),
    (
        Field::Sku,
        "sku itemsku lineitemsku productsku stockcode productcode productid itemid articlenumber artikelnummer \
         artikelnr artnr ean referenceproduit refproduit refproducto",
    ),
    (
        Field::Title,
        "productname itemname lineitemname product item title description artikelbezeichnung artikelname artikel \
         produktname produkt bezeichnung beschreibung nomduproduit produit article designation producto articulo \
         descripcion",
    ),
    (Field::LineDiscount, "lineitemdiscount linediscount itemdiscount positionsrabatt"),
    (
        Field::Cost,
        "costofgoods costofgoodssold cogs goodscost totalcost unitcost costperitem costprice cost wareneinsatz \
         einkaufspreis einkaufskosten ekpreis ek selbstkosten coutdachat prixdachat coutdesmarchandises preciodecoste \
         costedelosbienes coste costo",
    ),
];

/// The columns of Shopify's order export, by name: later exports append more.
const SHOPIFY: &[(Field, &str)] = &[
    (Field::Order, "Id"),
    (Field::Number, "Name"),
    (Field::Date, "Created at"),
    (Field::PaidAt, "Paid at"),
    (Field::CancelledAt, "Cancelled at"),
    (Field::Email, "Email"),
    (Field::Name, "Billing Name"),
    (Field::Quantity, "Lineitem quantity"),
    (Field::Price, "Lineitem price"),
    (Field::Total, "Total"),
    (Field::Subtotal, "Subtotal"),
    (Field::Shipping, "Shipping"),
    (Field::Tax, "Taxes"),
    (Field::Discount, "Discount Amount"),
    (Field::DiscountCode, "Discount Code"),
    (Field::Refunded, "Refunded Amount"),
    (Field::Currency, "Currency"),
    (Field::Status, "Financial Status"),
    (Field::Country, "Shipping Country"),
    (Field::BillingCountry, "Billing Country"),
    (Field::Sku, "Lineitem sku"),
    (Field::Title, "Lineitem name"),
    (Field::LineDiscount, "Lineitem discount"),
];

/// What a row of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A row per order.
    Orders,
    /// A row per line: quantity and price.
    Lines,
    /// Shopify's own: a row per line, order columns filled in the first row of an order only.
    Shopify,
}

/// Which columns are read, and as what.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub shape: Shape,
    /// Field and column, in the order of the table's columns.
    pub fields: Vec<(Field, usize)>,
    /// A currency that a column name speaks of, as in `Total (EUR)`.
    pub currency: Option<Currency>,
    /// How many columns the file has.
    pub width: usize,
    header: Vec<String>,
}

impl Plan {
    /// The plan for a file with this header.
    ///
    /// # Errors
    /// `missing_column` when a needed column is not there, `not_an_order_export` when hardly any is.
    pub fn new(header: &[String], options: &ImportOptions) -> Result<Self> {
        let shopify = is_shopify(header);
        let (mut found, mut currency) = (BTreeMap::new(), None);
        if shopify {
            for (field, name) in SHOPIFY {
                if let Some(column) = header.iter().position(|cell| cell.trim() == *name) {
                    found.insert(*field, column);
                }
            }
        } else {
            (found, currency) = guess(header);
        }
        apply(&mut found, header, &options.mapping)?;
        let shape = match (shopify, found.contains_key(&Field::Quantity) && found.contains_key(&Field::Price)) {
            (true, _) => Shape::Shopify,
            (false, true) => Shape::Lines,
            (false, false) => Shape::Orders,
        };
        check(&found, shape, header)?;
        let used = |field: &Field| match field {
            Field::Sku | Field::Title => options.keep_lines && shape != Shape::Orders,
            Field::Quantity | Field::Price => shape == Shape::Lines || shape == Shape::Shopify,
            Field::LineDiscount => shape != Shape::Orders,
            Field::Name => options.keep_names,
            Field::Total | Field::Subtotal | Field::Shipping | Field::Tax | Field::Discount => shape != Shape::Lines,
            Field::Refunded | Field::Lines | Field::PaidAt => shape != Shape::Lines,
            _ => true,
        };
        let fields = found.into_iter().filter(|(field, _)| used(field)).collect();
        Ok(Self { shape, fields, currency, width: header.len(), header: header.to_vec() })
    }

    /// The column of the table in which a field stands.
    pub fn slot(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|(other, _)| *other == field)
    }

    /// The name of the column in which a field stands.
    pub fn name(&self, field: Field) -> &str {
        let column = self.fields.iter().find(|(other, _)| *other == field);
        column.and_then(|(_, column)| self.header.get(*column)).map_or("", |name| name.trim())
    }

    /// For the report.
    pub fn columns(&self) -> BTreeMap<Field, String> {
        self.fields.iter().map(|(field, _)| (*field, self.name(*field).to_owned())).collect()
    }
}

fn is_shopify(header: &[String]) -> bool {
    ["Name", "Financial Status", "Created at", "Lineitem quantity"]
        .iter()
        .all(|name| header.iter().any(|cell| cell.trim() == *name))
}

/// How many columns have a name that means something; used to find the delimiter.
pub(super) fn recognised(header: &[String]) -> usize {
    if is_shopify(header) { SHOPIFY.len() } else { guess(header).0.len() }
}

fn guess(header: &[String]) -> (BTreeMap<Field, usize>, Option<Currency>) {
    let names: Vec<(String, Option<Currency>)> = header.iter().map(|cell| normalised(cell)).collect();
    let mut found = BTreeMap::new();
    let mut taken = vec![false; header.len()];
    for (field, synonyms) in SYNONYMS {
        let column = synonyms
            .split(' ')
            .find_map(|synonym| names.iter().zip(&taken).position(|((name, _), taken)| !taken && name == synonym));
        if let Some(column) = column {
            taken[column] = true;
            found.insert(*field, column);
        }
    }
    let amounts = [Field::Total, Field::Price, Field::Subtotal, Field::Refunded];
    let currency = amounts.iter().find_map(|field| names.get(*found.get(field)?)?.1);
    (found, currency)
}

/// Lower case without accents, spaces, punctuation and what stands in brackets; and a currency code in the name.
fn normalised(name: &str) -> (String, Option<Currency>) {
    let is_code = |word: &&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let code = words.iter().filter(|_| words.len() > 1).find(|word| is_code(word) && Currency::parse(word).is_ok());
    let currency = code.and_then(|code| Currency::parse(code).ok());
    let outside = name.split(['(', '[']).next().unwrap_or(name);
    let plain = folded(if outside.trim().is_empty() { name } else { outside });
    let plain = match code.map(|code| folded(code)) {
        Some(code) if plain.len() > code.len() => plain.strip_suffix(&*code).unwrap_or(&plain).to_owned(),
        _ => plain,
    };
    (plain, currency)
}

fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'ä' | 'à' | 'á' | 'â' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'î' | 'ï' => 'i',
            'ö' | 'ó' | 'ô' => 'o',
            'ü' | 'ú' | 'ù' | 'û' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            c => c,
        })
        .flat_map(|c| if c == 'ß' { ['s', 's'] } else { [c, '\0'] })
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

fn apply(found: &mut BTreeMap<Field, usize>, header: &[String], mapping: &BTreeMap<Field, String>) -> Result<()> {
    for (field, name) in mapping {
        found.remove(field);
        if name.is_empty() {
            continue;
        }
        let exact = header.iter().position(|cell| cell.trim() == name.trim());
        let column =
            exact.or_else(|| header.iter().position(|cell| folded(cell) == folded(name))).ok_or_else(|| {
                Error::at(
                    Code::MissingColumn,
                    format!("mapping.{}", field.as_str()),
                    format!("The mapping names a column that is not in the file. Its columns are {}.", listed(header)),
                )
            })?;
        // A column said to be one thing is no longer guessed to be another.
        found.retain(|_, taken| *taken != column);
        found.insert(*field, column);
    }
    Ok(())
}

fn check(found: &BTreeMap<Field, usize>, shape: Shape, header: &[String]) -> Result<()> {
    let has = |field: Field| found.contains_key(&field);
    let identified = has(Field::Order) || has(Field::Customer) || has(Field::Email);
    let missing = if !has(Field::Date) {
        Some((Field::Date, "the date of the order"))
    } else if shape == Shape::Lines && !has(Field::Order) {
        Some((Field::Order, "the order or invoice number"))
    } else if shape != Shape::Lines && !has(Field::Total) {
        Some((Field::Total, "the total of the order, or for the quantity and the price of a line"))
    } else if !identified && !has(Field::Number) {
        Some((Field::Order, "the order or invoice number"))
    } else {
        None
    };
    let Some((field, what)) = missing else { return Ok(()) };
    if found.len() < 2 {
        return Err(Error::new(
            Code::NotAnOrderExport,
            format!(
                "This file is not an order export: looked for columns with the order number, the date, the customer and \
                 the total (or quantity and price), and found {}.",
                listed(header)
            ),
        ));
    }
    Err(Error::new(
        Code::MissingColumn,
        format!(
            "No column for {what} was found. If there is one, name it in the mapping as {}=COLUMN. The columns are {}.",
            field.as_str(),
            listed(header)
        ),
    ))
}

/// The column names, as far as they are names: a file without a header begins with data, which is not shown.
pub(super) fn listed(header: &[String]) -> String {
    let is_name = |cell: &&String| {
        let cell = cell.trim();
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        cell.chars().any(char::is_alphabetic) && cell.chars().count() <= 40 && !cell.contains('@') && digits <= 2
    };
    let names: Vec<&str> = header.iter().filter(is_name).map(|cell| cell.trim()).collect();
    if header.is_empty() || names.len() * 10 < header.len() * 7 {
        return "a first row that looks like data: a first row with column names is needed".to_owned();
    }
    let more = names.len().saturating_sub(30);
    let shown = names.iter().take(30).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Instant;

    fn plan(header: &str, mapping: &[(Field, &str)]) -> Result<Plan> {
        let mut options = ImportOptions::at(Instant::from_unix(0));
        (options.keep_lines, options.keep_names) = (true, true);
        options.mapping = mapping.iter().map(|(field, name)| (*field, (*name).to_owned())).collect();
        let header: Vec<String> = header.split(';').map(str::to_owned).collect();
        Plan::new(&header, &options)
    }

    fn pairs(plan: &Plan) -> Vec<(&str, &str)> {
        plan.fields.iter().map(|(field, _)| (field.as_str(), plan.name(*field))).collect()
    }

    #[test]
    fn columns_are_guessed_in_four_languages() {
        for (header, shape, expected) in [
            (
                "Invoice;StockCode;Description;Quantity;InvoiceDate;Price;Customer ID;Country",
                Shape::Lines,
                "order date customer quantity price country sku title",
            ),
            (
                "Bestell-Nr.;Datum;Kunden-Nr.;Gesamtbetrag (EUR);Währung",
                Shape::Orders,
                "order date customer total currency",
            ),
            (
                "N° de commande;Date de commande;E-mail;Montant total;Pays",
                Shape::Orders,
                "order date email total country",
            ),
            ("Nº pedido;Fecha;Cliente;Importe;Estado", Shape::Orders, "order date customer total status"),
            ("customer_id;date;quantity;amount", Shape::Orders, "date customer total"),
        ] {
            let plan = plan(header, &[]).unwrap();
            assert_eq!(plan.shape, shape, "{header}");
            let fields: Vec<&str> = plan.fields.iter().map(|(field, _)| field.as_str()).collect();
            assert_eq!(fields.join(" "), expected, "{header}");
        }
        assert_eq!(plan("Order;Date;Total EUR", &[]).unwrap().currency, Currency::parse("EUR").ok());
    }

    #[test]
    fn every_synonym_is_written_the_way_headers_are_compared_and_means_one_thing() {
        let mut seen = BTreeMap::new();
        for (field, synonyms) in SYNONYMS {
            for synonym in synonyms.split(' ') {
                assert_eq!(folded(synonym), synonym);
                assert_eq!(seen.insert(synonym, field), None, "{synonym}");
            }
        }
    }

    #[test]
    fn the_mapping_overrules_the_guess() {
        let plan =
            plan("Beleg;Tag;Order;Wert", &[(Field::Date, "Tag"), (Field::Total, "wert"), (Field::Order, "Beleg")]);
        assert_eq!(pairs(&plan.unwrap()), [("order", "Beleg"), ("date", "Tag"), ("total", "Wert")]);
        let renamed = super::tests::plan("Order;Date;Total;Name", &[(Field::Customer, "Name")]).unwrap();
        assert_eq!(pairs(&renamed), [("order", "Order"), ("date", "Date"), ("customer", "Name"), ("total", "Total")]);
        let error = super::tests::plan("Order;Date;Total", &[(Field::Customer, "Who")]).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::MissingColumn, "mapping.customer"));
    }

    #[test]
    fn a_missing_column_and_a_file_of_something_else_are_told_apart() {
        let error = plan("Order;Customer;Total", &[]).unwrap_err();
        assert_eq!(error.code, Code::MissingColumn);
        assert!(error.message.contains("date=COLUMN") && error.message.contains("\"Customer\""), "{}", error.message);
        let error = plan("City;Population;Mayor", &[]).unwrap_err();
        assert_eq!(error.code, Code::NotAnOrderExport);
        assert!(error.message.contains("\"Population\""), "{}", error.message);
    }

    #[test]
    fn data_in_the_first_row_is_not_repeated() {
        let error = plan("1001;2024-05-01;Erika Muster;erika@example.test;12,50", &[]).unwrap_err();
        assert_eq!(error.code, Code::NotAnOrderExport);
        assert!(error.message.contains("looks like data") && !error.message.contains("Erika"), "{}", error.message);
    }
}
