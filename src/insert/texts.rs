//! Which words do we use when the merchant wrote none? Default wording per language and key, at eye level.
//!
//! Placeholders are filled by [`crate::insert::template`]: `{name}` `{shop}` `{title}` `{amount}` `{min}` `{date}`
//! `{excl}` `{n}` `{nth}` `{contact}` `{gift}` `{services}` `{places}`. Where forms of address differ, both stand there:
//! `<informal|formal>`, see [`crate::insert::address`].

use crate::insert::Locale;
use crate::insert::address::{Address, speak};

/// Key and texts, in the order of [`Locale::ALL`]. Sorted by key.
const TEXTS: &[(&str, [&str; 4])] = &[
    (
        "accessory.body",
        [
            "Das passt zu <deiner|Ihrer> Bestellung[: {title}].",
            "This goes well with your order[: {title}].",
            "Cela va bien avec <ta|votre> commande[ : {title}].",
            "Combina bien con <tu|su> pedido[: {title}].",
        ],
    ),
    ("accessory.headline", ["Passend dazu", "Goes well with it", "Pour aller avec", "Para acompañar"]),
    (
        "brand.body",
        [
            "Schön, dass <du da bist|Sie da sind>.",
            "Good to have you here.",
            "C'est un plaisir de <te|vous> voir ici.",
            "Nos alegra que <estés|esté> aquí.",
        ],
    ),
    ("brand.headline", ["{shop}", "{shop}", "{shop}", "{shop}"]),
    (
        "ceo_line.body",
        [
            "<Du hast|Sie haben> eine Frage oder eine Idee? <Antworte|Antworten Sie> einfach auf <deine|Ihre> Bestellbestätigung[ oder <schreib|schreiben Sie> an {contact}]: Das lesen die, die den Laden führen.",
            "A question or an idea? Just reply to your order confirmation[ or write to {contact}]: the people who run the shop read it themselves.",
            "Une question, une idée ? <Réponds|Répondez> à <ta|votre> confirmation de commande[ ou <écris|écrivez> à {contact}] : ceux qui tiennent la boutique lisent tout.",
            "¿Una pregunta, una idea? <Responde|Responda> a la confirmación de <tu|su> pedido[ o <escribe|escriba> a {contact}]: lo leen quienes llevan la tienda.",
        ],
    ),
    (
        "ceo_line.headline",
        ["<Dein|Ihr> direkter Draht", "Your direct line", "<Ta|Votre> ligne directe", "<Tu|Su> línea directa"],
    ),
    (
        "checklist.body",
        [
            "Eine Checkliste für <dich|Sie>[: {title}]. Einfach so.",
            "A checklist for you[: {title}]. Just because.",
            "Une check-list pour <toi|vous>[ : {title}]. Sans condition.",
            "Una lista de control para <ti|usted>[: {title}]. Sin condiciones.",
        ],
    ),
    (
        "checklist.headline",
        [
            "Eine Checkliste als Dankeschön",
            "A checklist to say thank you",
            "Une check-list pour dire merci",
            "Una lista de control para dar las gracias",
        ],
    ),
    (
        "conditions.discount",
        [
            "Gilt einmal[, bis {date}][, ab {min} Einkaufswert]. [Ausgenommen: {excl}.]",
            "Valid once[, until {date}][, from a basket of {min}]. [Excludes: {excl}.]",
            "Valable une fois[, jusqu'au {date}][, dès {min} d'achat]. [Hors : {excl}.]",
            "Válido una vez[, hasta el {date}][, a partir de {min}]. [Excepto: {excl}.]",
        ],
    ),
    (
        "conditions.referral",
        [
            "Für die erste Bestellung <deiner|Ihrer> Freundin oder <deines|Ihres> Freundes[, ab {min} Einkaufswert][, bis {date}].",
            "For your friend's first order[, from a basket of {min}][, until {date}].",
            "Pour la première commande de la personne <que tu invites|que vous invitez>[, dès {min} d'achat][, jusqu'au {date}].",
            "Para el primer pedido de la persona a quien <invites|invite>[, a partir de {min}][, hasta el {date}].",
        ],
    ),
    (
        "course.body",
        [
            "Ein kleiner Online-Kurs für <dich|Sie>[: {title}]. Einfach so.",
            "A short online course for you[: {title}]. Just because.",
            "Un petit cours en ligne pour <toi|vous>[ : {title}]. Sans condition.",
            "Un pequeño curso en línea para <ti|usted>[: {title}]. Sin condiciones.",
        ],
    ),
    (
        "course.headline",
        [
            "Ein Kurs als Dankeschön",
            "A course to say thank you",
            "Un cours pour dire merci",
            "Un curso para dar las gracias",
        ],
    ),
    (
        "discount.body",
        [
            "{amount} auf <deinen|Ihren> nächsten Einkauf[ bis {date}].",
            "{amount} off your next order[ until {date}].",
            "{amount} sur <ta|votre> prochaine commande[ jusqu'au {date}].",
            "{amount} en <tu|su> próxima compra[ hasta el {date}].",
        ],
    ),
    (
        "discount.headline",
        [
            "Ein Gutschein für <dein|Ihr> nächstes Mal",
            "A voucher for next time",
            "Un bon d'achat pour la prochaine fois",
            "Un vale para la próxima vez",
        ],
    ),
    (
        "ebook.body",
        [
            "Etwas zum Lesen für <dich|Sie>[: {title}]. Einfach so.",
            "Something to read for you[: {title}]. Just because.",
            "De quoi lire, pour <toi|vous>[ : {title}]. Sans condition.",
            "Algo para leer, para <ti|usted>[: {title}]. Sin condiciones.",
        ],
    ),
    (
        "ebook.headline",
        [
            "Ein E-Book als Dankeschön",
            "An e-book to say thank you",
            "Un e-book pour dire merci",
            "Un libro digital para dar las gracias",
        ],
    ),
    (
        "event.body",
        [
            "Wir laden <dich|Sie> ein[: {title}].",
            "You are invited[: {title}].",
            "Nous <t'invitons|vous invitons>[ : {title}].",
            "<Te|Le> invitamos[: {title}].",
        ],
    ),
    ("event.headline", ["Eine Einladung", "An invitation", "Une invitation", "Una invitación"]),
    (
        "exchange.body",
        [
            "Ein Geschenk für <dich|Sie>, wenn <du unseren Newsletter bestellst|Sie unseren Newsletter bestellen>[: {title}]. Abmelden geht jederzeit, das Geschenk bleibt <dir|Ihnen>.",
            "A gift for you when you subscribe to our newsletter[: {title}]. Unsubscribe at any time, the gift stays yours.",
            "Un cadeau pour <toi|vous> si <tu t'abonnes|vous vous abonnez> à notre newsletter[ : {title}]. Désabonnement à tout moment, le cadeau reste à <toi|vous>.",
            "Un regalo para <ti|usted> si <te suscribes|se suscribe> a nuestro boletín[: {title}]. Baja en cualquier momento, el regalo es para siempre.",
        ],
    ),
    (
        "exchange.headline",
        ["Bleiben wir in Kontakt?", "Shall we stay in touch?", "Restons-nous en contact ?", "¿Seguimos en contacto?"],
    ),
    (
        "feedback.body",
        [
            "<Sag|Sagen Sie> uns, wie es war. Gut oder schlecht, beides hilft.",
            "Tell us how it was. Good or bad, both help.",
            "<Dis|Dites>-nous comment c'était. Bien ou moins bien, tout nous aide.",
            "<Cuéntanos|Cuéntenos> cómo fue. Bueno o malo, todo ayuda.",
        ],
    ),
    ("feedback.headline", ["Wie war es?", "How was it?", "Comment c'était ?", "¿Qué tal fue?"]),
    (
        "freemium.body",
        [
            "Die Grundversion gehört <dir|Ihnen>[: {title}]. Ohne Zeitlimit.",
            "The basic version is yours[: {title}]. No time limit.",
            "La version de base est à <toi|vous>[ : {title}]. Sans limite de temps.",
            "La versión básica es para <ti|usted>[: {title}]. Sin límite de tiempo.",
        ],
    ),
    ("freemium.headline", ["Kostenlos dabei", "Yours for free", "C'est offert", "Sin coste"]),
    (
        "friend.body",
        [
            "Mit diesem Code <bekommst du|bekommen Sie> {amount} auf <deine|Ihre> erste Bestellung bei {shop}.",
            "With this code you get {amount} off your first order at {shop}.",
            "Avec ce code, <tu as|vous avez> {amount} de remise sur <ta|votre> première commande chez {shop}.",
            "Con este código <tienes|tiene> {amount} de descuento en <tu|su> primer pedido en {shop}.",
        ],
    ),
    (
        "friend.body_plain",
        [
            "Mit diesem Code <bestellst du|bestellen Sie> auf Empfehlung bei {shop}.",
            "With this code you order on a friend's word at {shop}.",
            "Avec ce code, <tu commandes|vous commandez> chez {shop} sur recommandation.",
            "Con este código <pides|pide> en {shop} por recomendación.",
        ],
    ),
    (
        "friend.conditions",
        [
            "Für <deine|Ihre> erste Bestellung[, ab {min} Einkaufswert][, bis {date}]. Wer uns <dir|Ihnen> empfohlen hat, bekommt ein Dankeschön[: {gift}].",
            "For your first order[, from a basket of {min}][, until {date}]. Whoever recommended us to you gets a thank-you[: {gift}].",
            "Pour <ta|votre> première commande[, dès {min} d'achat][, jusqu'au {date}]. La personne qui nous a recommandés reçoit un remerciement[ : {gift}].",
            "Para <tu|su> primer pedido[, a partir de {min}][, hasta el {date}]. Quien nos recomendó recibe un detalle[: {gift}].",
        ],
    ),
    (
        "friend.expired",
        [
            "Diese Empfehlung ist abgelaufen. Stöbern <darfst du|dürfen Sie> trotzdem gern.",
            "This recommendation has expired. You are welcome to look around all the same.",
            "Cette recommandation a expiré. <Tu peux|Vous pouvez> tout de même faire un tour chez nous.",
            "Esta recomendación ha caducado. De todos modos, <puedes|puede> echar un vistazo.",
        ],
    ),
    (
        "friend.headline",
        [
            "Jemand mag <dich|Sie> und {shop}",
            "Someone likes you, and {shop}",
            "Quelqu'un aime {shop} et pense à <toi|vous>",
            "A alguien le gusta {shop} y piensa en <ti|usted>",
        ],
    ),
    (
        "friend.length",
        [
            "Ein Code hat zwölf Zeichen. <Schau|Schauen Sie> noch einmal nach?",
            "A code has twelve characters. Have another look?",
            "Un code a douze caractères. <Peux-tu|Pouvez-vous> vérifier ?",
            "Un código tiene doce caracteres. ¿<Puedes|Puede> comprobarlo?",
        ],
    ),
    (
        "friend.symbol",
        [
            "In diesem Code ist ein Zeichen, das nie vorkommt. <Schau|Schauen Sie> noch einmal nach?",
            "This code has a character that never occurs. Have another look?",
            "Ce code contient un caractère qui n'existe pas. <Peux-tu|Pouvez-vous> vérifier ?",
            "Este código tiene un carácter que nunca aparece. ¿<Puedes|Puede> comprobarlo?",
        ],
    ),
    (
        "friend.typo",
        [
            "Da stimmt ein Zeichen nicht. <Schau|Schauen Sie> noch einmal nach?",
            "One character is not right. Have another look?",
            "Un caractère n'est pas juste. <Peux-tu|Pouvez-vous> vérifier ?",
            "Hay un carácter que no es correcto. ¿<Puedes|Puede> comprobarlo?",
        ],
    ),
    (
        "guide.body",
        [
            "Ein kleiner Ratgeber für <dich|Sie>[: {title}]. Einfach so.",
            "A little guide for you[: {title}]. Just because.",
            "Un petit guide pour <toi|vous>[ : {title}]. Sans condition.",
            "Una pequeña guía para <ti|usted>[: {title}]. Sin condiciones.",
        ],
    ),
    (
        "guide.headline",
        [
            "Ein Ratgeber als Dankeschön",
            "A guide to say thank you",
            "Un guide pour dire merci",
            "Una guía para dar las gracias",
        ],
    ),
    (
        "haptic_gift.body",
        [
            "Etwas zum Anfassen liegt bei[: {title}]. Einfach so.",
            "Something to hold is enclosed[: {title}]. Just because.",
            "Quelque chose à tenir en main <t'attend|vous attend> dans le colis[ : {title}]. Sans condition.",
            "En el paquete hay algo para tener en las manos[: {title}]. Sin condiciones.",
        ],
    ),
    (
        "haptic_gift.headline",
        ["Ein Geschenk für <dich|Sie>", "A gift for you", "Un cadeau pour <toi|vous>", "Un regalo para <ti|usted>"],
    ),
    (
        "info.body",
        [
            "Gut zu wissen[: {title}].",
            "Good to know[: {title}].",
            "Bon à savoir[ : {title}].",
            "Bueno es saberlo[: {title}].",
        ],
    ),
    ("info.headline", ["Gut zu wissen", "Good to know", "Bon à savoir", "Bueno es saberlo"]),
    (
        "insert.services",
        [
            "Das machen wir gern für <dich|Sie>: {services}",
            "What we gladly do for you: {services}",
            "Nos services : {services}",
            "Nuestros servicios: {services}",
        ],
    ),
    (
        "insert.where_to_buy",
        [
            "Hier gibt es uns: {places}",
            "Where to find us: {places}",
            "Où nous trouver : {places}",
            "Dónde encontrarnos: {places}",
        ],
    ),
    (
        "insight.body",
        [
            "So wird es gemacht[: {title}]. Ein Blick hinter die Kulissen.",
            "This is how it is made[: {title}]. A look behind the scenes.",
            "Voici comment c'est fait[ : {title}]. Un regard en coulisses.",
            "Así se hace[: {title}]. Una mirada entre bastidores.",
        ],
    ),
    (
        "insight.headline",
        [
            "Ein Blick hinter die Kulissen",
            "A look behind the scenes",
            "Un regard en coulisses",
            "Una mirada entre bastidores",
        ],
    ),
    (
        "invitation.body",
        [
            "Dürfen wir <dir|Ihnen> schreiben? <Du kannst|Sie können> jederzeit widersprechen.",
            "May we write to you? You can object at any time.",
            "Pouvons-nous <t'écrire|vous écrire> ? <Tu peux t'y|Vous pouvez vous y> opposer à tout moment.",
            "¿Podemos <escribirte|escribirle>? <Puedes oponerte|Puede oponerse> en cualquier momento.",
        ],
    ),
    (
        "invitation.headline",
        ["Bleiben wir in Kontakt?", "Shall we stay in touch?", "Restons-nous en contact ?", "¿Seguimos en contacto?"],
    ),
    ("label.accept", ["Ja, gern", "Yes, please", "Oui, avec plaisir", "Sí, con gusto"]),
    (
        "label.accepted",
        ["Schön, das ist notiert.", "Lovely, that is noted.", "Parfait, c'est noté.", "Perfecto, queda anotado."],
    ),
    ("label.again", ["Nochmal versuchen", "Try again", "Réessayer", "Probar otra vez"]),
    (
        "label.applied",
        ["Der Code ist eingelöst", "The code has been applied", "Le code est appliqué", "El código se ha aplicado"],
    ),
    ("label.apply", ["Code einlösen", "Apply code", "Appliquer le code", "Aplicar el código"]),
    ("label.code_input", ["<Dein|Ihr> Code", "Your code", "<Ton|Votre> code", "<Tu|Su> código"]),
    (
        "label.contact",
        [
            "So <erreichst du|erreichen Sie> uns: {contact}",
            "Reach us here: {contact}",
            "Pour nous joindre : {contact}",
            "Para contactarnos: {contact}",
        ],
    ),
    ("label.copied", ["Code kopiert", "Code copied", "Code copié", "Código copiado"]),
    ("label.copy", ["Code kopieren", "Copy code", "Copier le code", "Copiar el código"]),
    ("label.decline", ["Nein danke", "No thanks", "Non merci", "No, gracias"]),
    (
        "label.declined",
        [
            "In Ordnung. Danke, dass <du da warst|Sie da waren>.",
            "All right. Thank you for being here.",
            "D'accord. Merci de <ta|votre> visite.",
            "De acuerdo. Gracias por <tu|su> visita.",
        ],
    ),
    ("label.link_copied", ["Link kopiert", "Link copied", "Lien copié", "Enlace copiado"]),
    ("label.mail", ["E-Mail", "E-mail", "E-mail", "Correo"]),
    ("label.open", ["Ansehen", "Have a look", "Voir", "Ver"]),
    ("label.qr", ["QR-Code", "QR code", "QR code", "Código QR"]),
    ("label.share", ["Link kopieren", "Copy link", "Copier le lien", "Copiar el enlace"]),
    (
        "label.share_subject",
        [
            "Eine Empfehlung: {shop}",
            "A recommendation: {shop}",
            "Une recommandation : {shop}",
            "Una recomendación: {shop}",
        ],
    ),
    (
        "label.share_text",
        [
            "Ich bestelle bei {shop}. Vielleicht ist das auch etwas für dich:",
            "I order from {shop}. Perhaps you will like it, too:",
            "Je commande chez {shop}. Cela pourrait te plaire aussi :",
            "Yo compro en {shop}. Quizá también te guste:",
        ],
    ),
    ("label.share_with", ["Link teilen", "Share link", "Partager le lien", "Compartir el enlace"]),
    ("label.shop", ["Zum Shop", "To the shop", "Vers la boutique", "Ir a la tienda"]),
    ("label.whatsapp", ["WhatsApp", "WhatsApp", "WhatsApp", "WhatsApp"]),
    ("label.why", ["Warum sehe ich das?", "Why am I seeing this?", "Pourquoi je vois ceci ?", "¿Por qué veo esto?"]),
    (
        "notice.personal_price",
        [
            "Dieser Rabatt wurde automatisch für <dich|Sie> berechnet.",
            "This discount was calculated automatically for you.",
            "Cette remise a été calculée automatiquement pour <toi|vous>.",
            "Este descuento se ha calculado automáticamente para <ti|usted>.",
        ],
    ),
    (
        "partner.body",
        [
            "Ein Angebot von Menschen, die wir mögen[: {title}].",
            "An offer from people we like[: {title}].",
            "Une offre de gens que nous aimons bien[ : {title}].",
            "Una oferta de gente que nos gusta[: {title}].",
        ],
    ),
    (
        "partner.headline",
        ["Von unseren Partnern", "From our partners", "De nos partenaires", "De nuestros colaboradores"],
    ),
    (
        "referral.body",
        [
            "<Magst du|Mögen Sie> uns weiterempfehlen? [<Dein|Ihr> Mensch bekommt {amount} auf die erste Bestellung, <du|Sie> ein Dankeschön.] <Teile deinen|Teilen Sie Ihren> Link selbst, wir schreiben niemandem.",
            "Would you recommend us? [Your friend gets {amount} off the first order, you get a thank-you.] Share your link yourself; we contact nobody.",
            "Envie de nous recommander ? [La personne invitée a {amount} sur sa première commande, <toi|vous> un merci.] <Partage ton|Partagez votre> lien, nous n'écrivons à personne.",
            "¿Nos <recomiendas|recomienda>? [La otra persona tiene {amount} en el primer pedido, <tú|usted> un detalle.] <Comparte tu|Comparta su> enlace; no escribimos a nadie.",
        ],
    ),
    (
        "referral.headline",
        [
            "Für jemanden, den <du magst|Sie mögen>",
            "For someone you like",
            "Pour quelqu'un que <tu aimes|vous aimez> bien",
            "Para alguien que <te|le> importa",
        ],
    ),
    (
        "sample.body",
        [
            "Ein kleines Geschenk liegt bei[: {title}]. Einfach so.",
            "A small gift is enclosed[: {title}]. Just because.",
            "Un petit cadeau <t'attend|vous attend> dans le colis[ : {title}]. Sans condition.",
            "Hay un pequeño regalo en el paquete[: {title}]. Sin condiciones.",
        ],
    ),
    ("sample.headline", ["Ein kleines Geschenk", "A small gift", "Un petit cadeau", "Un pequeño regalo"]),
    (
        "service.body",
        [
            "Wir helfen <dir|Ihnen> gern[: {title}].",
            "We are glad to help[: {title}].",
            "Nous <t'aidons|vous aidons> volontiers[ : {title}].",
            "<Te|Le> ayudamos con gusto[: {title}].",
        ],
    ),
    ("service.headline", ["Für <dich|Sie> da", "Here for you", "Là pour <toi|vous>", "A <tu|su> disposición"]),
    (
        "service_contact.body",
        [
            "Etwas ist nicht so, wie es sein soll. Das tut uns leid. [So <erreichst du|erreichen Sie> uns: {contact}.] <Antworte|Antworten Sie> einfach auf <deine|Ihre> Bestellbestätigung, ein Mensch kümmert sich darum.",
            "Something is not as it should be. We are sorry. [Reach us here: {contact}.] Just reply to your order confirmation, and a person will take care of it.",
            "Quelque chose ne va pas comme prévu. Nous en sommes désolés. [Pour nous joindre : {contact}.] <Réponds|Répondez> à <ta|votre> confirmation de commande, une personne s'en occupe.",
            "Algo no está como debería. Lo sentimos. [Para contactarnos: {contact}.] <Responde|Responda> a la confirmación de <tu|su> pedido y una persona se ocupará.",
        ],
    ),
    (
        "service_contact.headline",
        ["Wir kümmern uns", "We are taking care of it", "Nous nous en occupons", "Nos ocupamos de ello"],
    ),
    (
        "story.body",
        [
            "Die Geschichte dahinter[: {title}]. Einfach so.",
            "The story behind it[: {title}]. Just because.",
            "L'histoire derrière tout cela[ : {title}]. Sans condition.",
            "La historia que hay detrás[: {title}]. Sin condiciones.",
        ],
    ),
    (
        "story.headline",
        [
            "Eine Geschichte für <dich|Sie>",
            "A story for you",
            "Une histoire pour <toi|vous>",
            "Una historia para <ti|usted>",
        ],
    ),
    (
        "thanks.body",
        [
            "Danke für <deine|Ihre> Bestellung[, {name}]. Wir freuen uns, dass <du bei {shop} bestellt hast|Sie bei {shop} bestellt haben>.",
            "Thank you for your order[, {name}]. We are glad you chose {shop}.",
            "Merci pour <ta|votre> commande[, {name}]. Nous sommes heureux que <tu aies|vous ayez> choisi {shop}.",
            "Gracias por <tu|su> pedido[, {name}]. Nos alegra que <hayas|haya> elegido {shop}.",
        ],
    ),
    (
        "thanks.greeting",
        [
            "Danke für <deine|Ihre> Bestellung[, {name}].",
            "Thank you for your order[, {name}].",
            "Merci pour <ta|votre> commande[, {name}].",
            "Gracias por <tu|su> pedido[, {name}].",
        ],
    ),
    ("thanks.headline", ["Danke", "Thank you", "Merci", "Gracias"]),
    ("thanks.parcel", ["Danke[, {name}].", "Thank you[, {name}].", "Merci[, {name}].", "Gracias[, {name}]."]),
    (
        "thanks.visit",
        [
            "Danke für <deinen|Ihren> Besuch. [<Brauchst du|Brauchen Sie> Hilfe? So <erreichst du|erreichen Sie> uns: {contact}]",
            "Thank you for your visit. [Need help? Reach us here: {contact}]",
            "Merci de <ta|votre> visite. [Besoin d'aide ? <Contacte|Contactez>-nous : {contact}]",
            "Gracias por <tu|su> visita. [¿<Necesitas|Necesita> ayuda? <Contáctanos|Contáctenos>: {contact}]",
        ],
    ),
    (
        "trial.body",
        [
            "Die Vollversion für eine Weile[: {title}]. Danach endet alles von selbst.",
            "The full version for a while[: {title}]. It ends by itself.",
            "La version complète pour un temps[ : {title}]. Ensuite, tout s'arrête tout seul.",
            "La versión completa por un tiempo[: {title}]. Después termina por sí sola.",
        ],
    ),
    ("trial.headline", ["Zum Ausprobieren", "Try it out", "À essayer", "Para probar"]),
    (
        "why.any",
        [
            "Weil <du bei {shop} bestellt hast|Sie bei {shop} bestellt haben>[ und dies <dein|Ihr> {nth} Einkauf ist]. Kein Profil wurde verwendet.",
            "Because you have ordered at {shop}[ and this is order no. {n}]. No profile was used.",
            "Parce que <tu as|vous avez> commandé chez {shop}[ (commande n°\u{a0}{n})]. Aucun profil utilisé.",
            "Porque <has|ha> comprado en {shop}[ (pedido n.º\u{a0}{n})]. No se ha usado ningún perfil.",
        ],
    ),
    (
        "why.delivered",
        [
            "Weil <dein|Ihr> Paket angekommen ist[ und dies <dein|Ihr> {nth} Einkauf ist]. Kein Profil wurde verwendet.",
            "Because your parcel has arrived[ and this is order no. {n}]. No profile was used.",
            "Parce que <ton|votre> colis est arrivé[ (commande n°\u{a0}{n})]. Aucun profil utilisé.",
            "Porque <tu|su> paquete ha llegado[ (pedido n.º\u{a0}{n})]. No se ha usado ningún perfil.",
        ],
    ),
    (
        "why.everybody",
        [
            "Das bekommen alle. Niemand wurde dafür ausgewählt.",
            "Everybody gets this. Nobody was selected for it.",
            "Tout le monde le reçoit. Personne n'a été sélectionné.",
            "Lo recibe todo el mundo. No se ha seleccionado a nadie.",
        ],
    ),
    (
        "why.objected",
        [
            "<Du möchtest|Sie möchten> keine Werbung von uns. Daran halten wir uns: Das hier ist nur ein Dankeschön.",
            "You want no advertising from us. We keep to that: this is a thank-you and nothing else.",
            "<Tu ne veux|Vous ne voulez> pas de publicité de notre part. Nous nous y tenons : ceci n'est qu'un merci.",
            "No <quieres|quiere> publicidad nuestra. Lo cumplimos: esto es solo un agradecimiento.",
        ],
    ),
    (
        "why.open_problem",
        [
            "Weil zu <deiner|Ihrer> Bestellung noch etwas offen ist. Angebote zeigen wir <dir|Ihnen> erst wieder, wenn alles gut ist.",
            "Because something about your order is still open. We show you offers again only when all is well.",
            "Parce qu'un point de <ta|votre> commande reste à régler. Nous ne montrerons d'offres qu'une fois tout réglé.",
            "Porque algo de <tu|su> pedido sigue pendiente. No mostraremos ofertas hasta que todo esté bien.",
        ],
    ),
    (
        "why.order_completed",
        [
            "Weil <du gerade bestellt hast|Sie gerade bestellt haben>[ und dies <dein|Ihr> {nth} Einkauf ist]. Kein Profil wurde verwendet.",
            "Because you have just ordered[ and this is order no. {n}]. No profile was used.",
            "Parce que <tu viens|vous venez> de commander[ (commande n°\u{a0}{n})]. Aucun profil utilisé.",
            "Porque <acabas|acaba> de comprar[ (pedido n.º\u{a0}{n})]. No se ha usado ningún perfil.",
        ],
    ),
    (
        "why.parcel_packed",
        [
            "Weil wir gerade <dein|Ihr> Paket gepackt haben[ und dies <dein|Ihr> {nth} Einkauf ist]. Kein Profil wurde verwendet.",
            "Because we have just packed your parcel[ and this is order no. {n}]. No profile was used.",
            "Parce que nous venons d'emballer <ton|votre> colis[ (commande n°\u{a0}{n})]. Aucun profil utilisé.",
            "Porque acabamos de preparar <tu|su> paquete[ (pedido n.º\u{a0}{n})]. No se ha usado ningún perfil.",
        ],
    ),
    (
        "why.profile",
        [
            "Weil <du uns erlaubt hast, deine|Sie uns erlaubt haben, Ihre> Einkäufe für passende Angebote anzusehen.",
            "Because you allowed us to look at your orders for offers that fit.",
            "Parce que <tu nous as permis de regarder tes|vous nous avez permis de regarder vos> achats pour trouver des offres adaptées.",
            "Porque nos <has permitido ver tus|ha permitido ver sus> compras para buscar ofertas adecuadas.",
        ],
    ),
    (
        "why.visit",
        [
            "Weil <du uns besuchst|Sie uns besuchen>. Kein Profil wurde verwendet.",
            "Because you are visiting us. No profile was used.",
            "Parce que <tu nous rends|vous nous rendez> visite. Aucun profil utilisé.",
            "Porque nos <visitas|visita>. No se ha usado ningún perfil.",
        ],
    ),
    (
        "zugabe.body",
        [
            "Ab {min} Einkaufswert legen wir etwas dazu[: {title}].",
            "From a basket of {min} we add something[: {title}].",
            "Dès {min} d'achat, nous ajoutons un petit plus[ : {title}].",
            "A partir de {min} añadimos algo más[: {title}].",
        ],
    ),
    ("zugabe.headline", ["Eine Zugabe", "A little extra", "Un petit plus", "Un pequeño extra"]),
];

/// The default text of a key in a form of address (without one, the language's usual), if there is one.
#[must_use]
pub fn default(locale: Locale, address: Option<Address>, key: &str) -> Option<String> {
    let index = TEXTS.binary_search_by(|(candidate, _)| (*candidate).cmp(key)).ok()?;
    let text = TEXTS[index].1.get(locale as usize)?;
    Some(locale.typeset(&speak(text, address.is_some_and(Address::is_formal))))
}

/// Every key that has a default text.
pub fn keys() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(key, _)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insert::address::heard;
    use crate::insert::template::placeholders;
    use crate::insert::tone::{Denied, denied_in};

    /// Every text in every language and form: key, language, whether formal, text.
    fn all() -> impl Iterator<Item = (&'static str, Locale, bool, String)> {
        keys().flat_map(|key| {
            Locale::ALL.iter().flat_map(move |locale| {
                let forms = Address::of(*locale);
                let forms: Vec<Option<Address>> =
                    if forms.is_empty() { vec![None] } else { forms.iter().copied().map(Some).collect() };
                forms.into_iter().map(move |form| {
                    let formal = form.is_some_and(Address::is_formal);
                    (key, *locale, formal, default(*locale, form, key).unwrap())
                })
            })
        })
    }

    #[test]
    fn keys_are_sorted_so_that_they_are_found() {
        assert!(TEXTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(default(Locale::De, None, "label.decline").as_deref(), Some("Nein danke"));
        assert_eq!(default(Locale::En, None, "label.nothing"), None);
    }

    #[test]
    fn every_text_exists_in_four_languages_and_in_every_form_of_address() {
        assert_eq!(all().count(), TEXTS.len() * 7);
        for (key, locale, _, text) in all() {
            assert!(!text.trim().is_empty() && !text.contains(['<', '>', '|']), "{key} {locale:?}: {text}");
        }
        let thanks = |locale, form| default(locale, Some(form), "thanks.greeting").unwrap();
        assert_eq!(thanks(Locale::De, Address::Sie), "Danke für Ihre Bestellung[, {name}].");
        assert_eq!(thanks(Locale::Fr, Address::Vous), "Merci pour votre commande[, {name}].");
        assert_eq!(thanks(Locale::Es, Address::Usted), "Gracias por su pedido[, {name}].");
    }

    #[test]
    fn no_default_text_uses_a_denied_word() {
        // What is given without a condition may be called free.
        let allowed = |key: &str, when: Denied| {
            when == Denied::Conditional && ["freemium.", "trial."].iter().any(|kind| key.starts_with(kind))
        };
        for (key, locale, _, text) in all() {
            let found: Vec<_> = denied_in(locale, &text).into_iter().filter(|(_, when)| !allowed(key, *when)).collect();
            assert_eq!(found, [], "{key} {locale:?}: {text}");
        }
    }

    #[test]
    fn all_languages_speak_of_the_same_things() {
        for (key, texts) in TEXTS {
            for formal in [false, true] {
                let spoken = texts.map(|text| speak(text, formal));
                let names = |text: &str| {
                    let mut names: Vec<String> =
                        placeholders(text).into_iter().map(|name| name.replace("nth", "n")).collect();
                    names.sort_unstable();
                    names
                };
                for text in &spoken {
                    assert_eq!(names(text), names(&spoken[1]), "{key}: {text}");
                }
            }
        }
    }

    #[test]
    fn no_text_mixes_forms_of_address() {
        // A customer speaks to her friends as friends do.
        for (key, locale, formal, text) in all().filter(|(key, ..)| *key != "label.share_text") {
            let (friend, distant) = heard(locale, &text);
            let wrong = if formal { friend } else { distant };
            assert_eq!(wrong, None, "{key} {locale:?}: {text}");
        }
    }

    #[test]
    fn french_marks_keep_a_narrow_space_and_spanish_questions_begin_with_one() {
        for (key, locale, _, text) in all() {
            if locale == Locale::Fr {
                let mut before = ' ';
                for letter in text.chars() {
                    if matches!(letter, '!' | '?' | ':' | ';') {
                        assert_eq!(before, '\u{202f}', "{key}: {text}");
                    }
                    before = letter;
                }
            }
            if locale == Locale::Es {
                for (open, close) in [('¿', '?'), ('¡', '!')] {
                    assert_eq!(text.matches(open).count(), text.matches(close).count(), "{key}: {text}");
                }
            }
        }
    }
}
