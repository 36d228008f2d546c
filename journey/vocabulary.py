"""Every fixed word: column names, stage sets, channel groups, the emotion scale.

One word per concept, the same in a column, an argument, a page and the docs.
"""

from __future__ import annotations

from typing import Final

# --- Columns -----------------------------------------------------------------------------------------------------

#: Roles a column of a file can have, in the order in which they are asked about, and what each holds.
ROLES: Final[dict[str, str]] = {
    "customer_id": "who: an id that stays the same for one customer; kept as text",
    "timestamp": "when the interaction happened",
    "touchpoint": "what was met: an event, a page, an action",
    "channel": "the medium: organic search, e-mail, store, phone",
    "ownership": "owned, paid, earned or third-party",
    "stage": "phase of the relation, as the file names it",
    "device": "phone, tablet, laptop, …",
    "campaign": "the campaign that led here",
    "revenue": "money of this interaction, refunds negative",
    "emotion": "felt experience, already on the scale −2 … +2",
    "score": "an answer on a scale: NPS, CSAT, stars",
    "score_kind": "which scale the score is on",
    "comment": "what the customer wrote or said",
    "identity": "another id of the same customer: device, cookie, e-mail, account; ids are stitched into one customer",
    "source": "where the visit came from (utm_source); channel is worked out from source, medium and referrer",
    "medium": "by which kind of link (utm_medium)",
    "referrer": "the address of the page that linked here",
    "cost": "money spent on a channel or campaign on a day",
    "attribute": "says something about the customer: country, plan, size",
    "ignore": "not used",
}

#: The three roles without which there is no journey.
NEEDED_ROLES: Final = ("customer_id", "timestamp", "touchpoint")

#: Table `steps`: one row per interaction, with what follows it in its journey.
STEPS: Final[dict[str, str]] = {
    "customer_key": "whole number that stands for the customer inside one dataset version",
    "customer_id": "the customer: the strongest of the ids that were stitched, as it stands in the file",
    "sequence": "the customer's interactions numbered in time, from 1; ties keep file order",
    "timestamp": "when, UTC",
    "touchpoint": "the thing met",
    "channel": "the medium; missing when unknown",
    "ownership": "owned, paid, earned or third-party; missing when unknown",
    "stage": "phase of the relation; missing when unknown",
    "device": "device used; missing when unknown",
    "campaign": "campaign named in the file; missing when there is none",
    "emotion": "felt experience, −2 … +2; missing when unknown",
    "revenue": "money of this interaction in the data's currency, refunds negative; missing when there is none",
    "journey": "number of the customer's journey, from 1; a silence of 30 days starts a new one",
    "visit": "number of the customer's visit, from 1; 30 minutes without an interaction start a new one",
    "step": "place of the interaction in its journey, from 1",
    "is_open": "the journey may go on: it ends less than the silence before the end of the data",
    "next_touchpoint": "touchpoint of the next interaction in the same journey; missing at its end",
    "next_channel": "channel of the next interaction in the same journey",
    "next_stage": "stage of the next interaction in the same journey",
    "next_device": "device of the next interaction in the same journey",
    "next_timestamp": "when the next interaction in the same journey happened; missing at its end",
    "seconds_to_next": "seconds until it",
    "line": "line of the file the interaction came from",
}

#: Table `customers`: one row per customer; the attributes of the data stand beside these.
CUSTOMERS: Final[dict[str, str]] = {
    "customer_key": "whole number that stands for the customer inside one dataset version",
    "customer_id": "the customer: the strongest of the ids that were stitched, as it stands in the file",
    "first_timestamp": "first interaction, UTC",
    "last_timestamp": "last interaction, UTC",
    "interactions": "number of interactions",
    "journeys": "number of journeys",
    "visits": "number of visits",
    "revenue": "sum of the customer's revenue; missing when the data have no revenue",
    "first_touchpoint": "touchpoint of the first interaction",
    "first_channel": "channel of the first interaction",
    "first_device": "device of the first interaction",
    "stage_reached": "the furthest stage of the customer's interactions",
}

#: Table `comments`: one row per interaction with a score or a comment.
COMMENTS: Final[dict[str, str]] = {
    "customer_key": "who",
    "sequence": "which of the customer's interactions",
    "timestamp": "when, UTC",
    "touchpoint": "the thing met",
    "stage": "phase of the relation",
    "score": "the answer on its own scale; missing when there is only a comment",
    "score_kind": "nps, csat, stars, ces, thumbs or percent",
    "emotion": "the same answer on −2 … +2",
    "comment": "what was written; missing when there is only a score",
}

#: Table `spend`: one row per day, channel and campaign.
SPEND: Final[dict[str, str]] = {
    "date": "day",
    "channel": "the medium paid for",
    "campaign": "the campaign paid for; missing when not told",
    "cost": "money spent, in the data's currency",
}

TABLES: Final[dict[str, dict[str, str]]] = {
    "steps": STEPS,
    "interactions": STEPS,
    "customers": CUSTOMERS,
    "comments": COMMENTS,
    "spend": SPEND,
}

# --- Stages ------------------------------------------------------------------------------------------------------

#: Stage sets by name, each in the order in which the relation usually moves.
STAGE_SETS: Final[dict[str, tuple[str, ...]]] = {
    "saas": (
        "awareness", "consideration", "purchase", "onboarding", "adoption", "retention", "expansion", "advocacy",
    ),
    "classic": ("awareness", "consideration", "purchase", "retention"),
    "e-commerce": ("awareness", "consideration", "purchase", "delivery", "service", "retention", "advocacy"),
    "b2b sales": (
        "awareness", "lead", "opportunity", "proposal", "purchase", "onboarding", "retention", "expansion", "advocacy",
    ),
    "service": ("request", "handling", "resolution", "feedback"),
}  # fmt: skip
STAGES: Final = STAGE_SETS["saas"]

#: The goal unless another is chosen.
GOAL: Final = "purchase"

# --- Time --------------------------------------------------------------------------------------------------------

SILENCE_DAYS: Final = 30
VISIT_GAP_MINUTES: Final = 30

# --- Channels ----------------------------------------------------------------------------------------------------

OWNERSHIPS: Final = ("owned", "paid", "earned", "third-party")

#: The groups into which source, medium, campaign and referrer are put, and who owns each; None: not to be told.
CHANNEL_GROUPS: Final[dict[str, str | None]] = {
    "Direct": "owned",
    "Cross-network": "paid",
    "Paid shopping": "paid",
    "Paid search": "paid",
    "Paid social": "paid",
    "Paid video": "paid",
    "Display": "paid",
    "Paid other": "paid",
    "Organic shopping": "third-party",
    "Organic social": "earned",
    "Organic video": "earned",
    "Organic search": "earned",
    "AI assistant": "earned",
    "Review site": "third-party",
    "Referral": "earned",
    "Email": "owned",
    "Affiliates": "paid",
    "Audio": "paid",
    "SMS": "owned",
    "Push notifications": "owned",
    "Unassigned": None,
}

# --- Emotion -----------------------------------------------------------------------------------------------------

EMOTION_LOW: Final = -2.0
EMOTION_HIGH: Final = 2.0

#: Feeling in words, by the lower bound of each band on −2 … +2, with the face drawn beside it.
FEELINGS: Final[tuple[tuple[float, str, str], ...]] = (
    (-2.0, "very bad", "😖"),
    (-1.2, "bad", "🙁"),
    (-0.4, "mixed", "😐"),
    (0.4, "good", "🙂"),
    (1.2, "very good", "😄"),
)

# --- Statistics --------------------------------------------------------------------------------------------------

#: Under so many customers or answers a share or a mean is shown muted and no finding is made of it.
MINIMUM_BASE: Final = 30
#: Two-sided 95 % quantile of the normal distribution.
Z_95: Final = 1.959963984540054

# --- Ends of a journey -------------------------------------------------------------------------------------------

#: Where an ended journey goes in a flow, and where one goes that may still go on.
LEFT: Final = "(left)"
STILL_OPEN: Final = "(still on their way)"
#: Stands for a missing touchpoint, channel, stage or device in a flow or path.
NOT_KNOWN: Final = "(unknown)"

# --- Touchpoints -------------------------------------------------------------------------------------------------

#: Known touchpoints and their stage before and after the customer's first purchase (None: no stage), looked up in
#: this order, so that `payment details` is found before `payment`. A phrase is found where its words stand together in
#: the touchpoint's name. What went wrong (an error, a refund, a complaint) is a bad moment and no stage.
TOUCHPOINT_STAGES: Final[tuple[tuple[str | None, str | None, tuple[str, ...]], ...]] = (
    (None, None, (
        "error", "bug", "failed", "failure", "declined", "denied", "refund", "refunded", "return requested",
        "complaint", "cancel", "cancelled", "canceled", "cancellation", "churn", "churned", "unsubscribe",
        "unsubscribed", "remove from cart", "product removed", "drop off", "uninstall", "app remove", "app removed",
        "deal lost", "closed lost", "coupon denied", "kündigung", "gekündigt", "kuendigung", "storno", "storniert",
        "stornierung", "retoure", "rückgabe", "reklamation", "beschwerde", "erstattung", "fehler", "abbruch",
        "abgebrochen", "abmeldung", "abgemeldet", "anulare", "anulat", "anulată", "anulata", "reziliere", "retur",
        "rambursare", "reclamație", "reclamatie", "plângere", "plangere", "eroare", "dezabonare", "annulation",
        "annulé", "annulée", "résiliation", "remboursement", "retour", "réclamation", "erreur", "désabonnement",
        "cancelación", "cancelado", "cancelada", "devolución", "reembolso", "queja", "reclamación",
    )),
    ("advocacy", "advocacy", (
        "referral sent", "refer a friend", "referred", "invite sent", "invited friend", "review written",
        "write review", "review submitted", "product reviewed", "product shared", "cart shared", "share", "shared",
        "testimonial", "recommendation given", "case study interview", "advocate", "ambassador", "empfehlung",
        "weiterempfehlung", "weiterempfohlen", "bewertung abgegeben", "bewertung geschrieben", "geteilt",
        "recomandare", "recenzie scrisă", "recenzie scrisa", "distribuit", "recommandation", "parrainage",
        "avis publié", "partagé", "recomendación", "reseña publicada", "compartido",
    )),
    ("expansion", "expansion", (
        "upgrade", "upgraded", "upsell", "cross sell", "add on", "addon", "seat added", "seats added", "plan changed",
        "erweiterung", "tarifwechsel", "zusatzpaket", "extindere", "schimbare plan", "mise à niveau", "ampliación",
        "mejora de plan",
    )),
    ("onboarding", "onboarding", (
        "onboarding", "welcome", "setup", "set up", "getting started", "get started", "tutorial", "activation",
        "activated", "first login", "guided import", "guided tour", "product tour", "kick off", "kickoff", "install",
        "installed", "verify email", "email verified", "account created", "profile completed", "implementation",
        "first open", "willkommen", "einrichtung", "konto erstellt", "erster login", "aktivierung", "bun venit",
        "activare", "cont creat", "configurare", "bienvenue", "compte créé", "mise en service", "bienvenida",
        "cuenta creada", "activación", "configuración",
    )),
    ("consideration", "consideration", (
        "add to cart", "added to cart", "product added", "cart viewed", "view cart", "begin checkout",
        "checkout started", "checkout step", "payment details", "payment info", "payment method", "card details",
        "shipping details", "shipping info", "add shipping info", "add payment info", "billing details", "wishlist",
        "coupon applied", "subscription page", "order form", "order summary", "in den warenkorb", "warenkorb",
        "zur kasse", "kasse", "zahlungsdaten", "zahlungsart", "zahlungsmethode", "versanddaten", "merkliste",
        "wunschliste", "adaugă în coș", "adăugat în coș", "adaugat in cos", "coș", "coșul", "coş",
        "cos de cumparaturi", "finalizare comandă", "finalizare comanda", "date de plată", "date de plata",
        "metodă de plată", "metoda de plata", "ajout au panier", "panier", "moyen de paiement", "liste d envies",
        "añadir al carrito", "añadido al carrito", "carrito", "datos de pago", "método de pago", "tramitar pedido",
        "lista de deseos",
    )),
    ("retention", "retention", (
        "renewal", "renew", "renewed", "win back", "winback", "loyalty", "order updated", "order shipped", "shipped",
        "delivered", "delivery", "reorder", "reactivated", "invoice", "billing", "account page", "my account",
        "account settings", "satisfaction survey", "nps", "csat", "survey", "order fulfilled", "fulfilled",
        "verlängerung", "rechnung", "versendet", "versandt", "geliefert", "lieferung", "zustellung", "mein konto",
        "umfrage", "treueprogramm", "reînnoire", "reinnoire", "factură", "factura", "livrare", "livrat", "livrată",
        "expediat", "expediată", "comandă livrată", "sondaj", "contul meu", "fidelitate", "renouvellement", "facture",
        "livraison", "livré", "livrée", "expédié", "enquête", "mon compte", "fidélité", "renovación", "entrega",
        "entregado", "enviado", "encuesta", "mi cuenta",
    )),
    ("purchase", "purchase", (
        "purchase", "purchased", "in app purchase", "order completed", "order placed", "order confirmed",
        "order confirmation", "order", "ordered", "checkout completed", "checkout complete", "checkout success",
        "payment", "payment done", "paid", "transaction", "subscription started", "subscribed to plan",
        "subscription created", "closed won", "deal won", "contract signed", "bought", "buy", "thank you page",
        "conversion", "booking confirmed", "booked", "became a customer", "kauf", "gekauft", "bestellung", "bestellt",
        "bestellbestätigung", "bezahlen", "bezahlt", "bezahlung", "zahlung", "vertragsabschluss", "buchung", "gebucht",
        "comandă", "comanda", "comandat", "comandă plasată", "cumpărare", "cumparare", "cumpărat", "cumparat",
        "achiziție", "achizitie", "plată", "plata", "plătit", "platit", "tranzacție", "tranzactie", "rezervare",
        "contract semnat", "achat", "acheté", "commande", "commandé", "paiement", "payé", "réservation",
        "contrat signé", "compra", "comprado", "pedido", "pago", "pagado", "reserva", "contrato firmado",
        "transacción",
    )),
    ("awareness", "awareness", (
        "ad", "ads", "ad click", "ad impression", "advert", "advertisement", "impression", "banner", "search ad",
        "social ad", "session start", "first visit", "view promotion", "promotion viewed", "promotion clicked",
        "promo", "promo page", "promotion", "landing", "landing page", "blog", "blog article", "article", "podcast",
        "podcast mention", "social", "social post", "social media", "press", "video start", "video", "influencer",
        "billboard", "tv", "radio", "flyer", "event booth", "trade show", "organic search", "homepage", "home page",
        "home", "page viewed", "page view", "visit", "partner recommendation", "word of mouth", "mention", "pageview",
        "screen view", "screen viewed", "anzeige", "werbung", "werbeanzeige", "startseite", "blogartikel",
        "blogbeitrag", "presse", "messe", "seitenaufruf", "besuch", "soziale medien", "reclamă", "reclama", "anunț",
        "anunt", "pagina principală", "pagina principala", "vizită", "vizita", "vizualizare pagină", "articol",
        "rețele sociale", "retele sociale", "publicité", "annonce", "accueil", "page d accueil", "visite", "page vue",
        "réseaux sociaux", "anuncio", "publicidad", "página de inicio", "visita", "redes sociales",
    )),
    ("consideration", "expansion", (
        "pricing", "pricing page", "plans", "compare plans", "price list", "preise", "preisseite", "preisliste",
        "tarife", "prețuri", "preturi", "tarifs", "precios", "tarifas",
    )),
    ("consideration", "retention", (
        "ticket", "support", "support chat", "support ticket", "support call", "support answer", "help",
        "help article", "help center", "faq", "knowledge base", "chat", "live chat", "call", "phone call", "community",
        "forum", "newsletter", "email", "e mail", "email open", "email opened", "email click", "email clicked",
        "store visit", "ticket opened", "ticket solved", "kundendienst", "kundenservice", "hilfe", "anruf",
        "telefonat", "filialbesuch", "asistență", "asistenta", "suport", "apel", "ajutor", "tichet", "service client",
        "assistance", "aide", "appel", "soporte", "atención al cliente", "ayuda", "llamada", "correo",
    )),
    ("consideration", "consideration", (
        "cart", "basket", "checkout", "catalog", "catalogue", "category", "category page", "collection", "product",
        "product page", "product view", "product viewed", "product list viewed", "product clicked",
        "products searched", "view item", "view item list", "select item", "item", "search", "search results",
        "view search results", "filter", "filter results", "sort", "compare", "comparison", "review", "reviews",
        "review page", "review site", "review site listing", "scroll", "demo", "product demo", "webinar", "whitepaper",
        "white paper", "case study", "ebook", "download", "trial", "free trial", "trial started", "quote",
        "quote requested", "form", "form submission", "form submitted", "generate lead", "lead", "mql", "sql",
        "sign up", "signup", "sign up form", "sign up started", "signed up", "register", "registration", "view",
        "details page", "store locator", "consultation", "contact created", "deal created", "opportunity",
        "marketing qualified lead", "sales qualified lead", "produkt", "produktseite", "produktansicht", "kategorie",
        "suche", "suchergebnis", "suchergebnisse", "vergleich", "vorführung", "testphase", "angebot",
        "angebot angefordert", "formular", "registrierung", "produs", "pagina produsului", "categorie", "căutare",
        "cautare", "comparație", "comparatie", "ofertă", "oferta", "cerere de ofertă", "înregistrare", "inregistrare",
        "demonstrație", "demonstratie", "probă gratuită", "produit", "fiche produit", "catégorie", "recherche",
        "comparaison", "devis", "démonstration", "essai", "inscription", "formulaire", "producto", "categoría",
        "búsqueda", "comparación", "presupuesto", "demostración", "prueba gratuita", "registro", "formulario",
    )),
    ("consideration", "adoption", (
        "login", "log in", "logged in", "sign in", "signed in", "user engagement", "session", "app session",
        "app open", "app opened", "dashboard", "feature used", "feature", "report built", "report created",
        "integration", "integration connected", "project created", "export", "import", "usage", "anmeldung",
        "angemeldet", "einloggen", "nutzung", "autentificare", "conectare", "logare", "utilizare", "connexion",
        "utilisation", "inicio de sesión", "acceso",
    )),
)  # fmt: skip

#: Who owns a channel, by the words of its name without accents, looked up in this order. Signs of languages that
#: write no spaces are found anywhere in the name.
CHANNEL_OWNERSHIPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("paid", (
        "paid", "ad", "ads", "ppc", "cpc", "cpm", "cpv", "sem", "sea", "display", "sponsored", "sponsorship", "retargeting", "remarketing", "affiliate",
        "affiliates", "shopping ads", "tv", "radio", "print", "billboard", "influencer", "influencers", "advertising", "advertisement", "adwords",
        "programmatic", "banner", "ooh", "cross network", "promoted", "werbung", "anzeige", "anzeigen", "bezahlt", "bezahlte", "plakat", "publicite",
        "pub", "payant", "payante", "annonce", "annonces", "affichage", "anuncio", "anuncios", "publicidad", "publicidade", "pagado", "pago", "patrocinado",
        "pubblicita", "annunci", "annuncio", "a pagamento", "sponsorizzato", "reclama", "reclame", "publicitate", "platit", "platita", "advertentie",
        "advertenties", "betaald", "reklama", "reklamy", "platne", "platny", "реклама", "платный", "广告", "廣告", "付费", "推广", "広告", "광고",
    )),
    ("third-party", (
        "review site", "review sites", "reviews", "review", "marketplace", "marketplaces", "community", "forum", "comparison site", "partner",
        "partners", "directory", "app store", "play store", "g2", "capterra", "trustpilot", "third party", "3rd party", "reseller", "distributor",
        "dealer", "wholesale", "amazon", "ebay", "aggregator", "price comparison", "bewertungsportal", "bewertungen", "vergleichsportal", "marktplatz",
        "handler", "handelspartner", "place de marche", "comparateur", "avis clients", "revendeur", "partenaire", "comparador", "resenas", "socio",
        "revendedor", "distribuidor", "recensioni", "rivenditore", "recenzii", "comparator", "partener", "parteneri", "revanzator", "vergelijkingssite",
        "porownywarka", "opinie", "отзывы", "партнер", "маркетплейс", "点评", "评论", "第三方", "合作", "口コミサイト", "リビュー", "리뷰",
    )),
    ("earned", (
        "organic", "seo", "referral", "referrals", "word of mouth", "pr", "press", "social", "earned", "podcast", "recommendation", "media coverage",
        "ai assistant", "chatgpt", "organisch", "organische", "suche", "mundpropaganda", "empfehlung", "empfehlungen", "weiterempfehlung", "presse",
        "soziale medien", "organique", "naturel", "bouche a oreille", "recommandation", "reseaux sociaux", "organico", "organica", "boca a boca",
        "recomendacion", "prensa", "redes sociales", "redes sociais", "passaparola", "stampa", "raccomandazione", "recomandare", "recomandari", "presa",
        "din auzite", "retele sociale", "mond tot mond", "pers", "organiczny", "organiczne", "polecenie", "сарафанное радио", "рекомендация", "соцсети",
        "自然", "口碑", "推荐", "社交", "媒体报道", "紹介", "クチコミ", "추천", "입소문",
    )),
    ("owned", (
        "email", "e mail", "emails", "mail", "newsletter", "website", "web site", "web", "site", "app", "mobile app", "in app", "store", "shop", "retail",
        "branch", "phone", "call", "call center", "call centre", "chat", "live chat", "chatbot", "sms", "push", "whatsapp", "direct", "blog", "webinar",
        "webinars", "event", "events", "support", "help center", "help centre", "owned", "sales", "letter", "portal", "showroom", "pos", "kiosk", "crm",
        "webseite", "internetseite", "filiale", "laden", "geschaft", "telefon", "brief", "vertrieb", "direkt", "messe", "aussendienst", "kundendienst",
        "courriel", "magasin", "boutique", "telephone", "site internet", "site web", "succursale", "correo", "correo electronico", "tienda", "telefono",
        "sitio web", "sucursal", "directo", "loja", "telefone", "negozio", "punto vendita", "sito", "sito web", "diretto", "magazin", "sucursala", "apel",
        "posta", "winkel", "telefoon", "sklep", "strona", "почта", "магазин", "телефон", "сайт", "приложение", "邮件", "郵件", "门店", "店铺", "电话",
        "官网", "短信", "直接", "小程序", "メール", "店舗", "電話", "公式サイト", "이메일", "매장", "전화",
    )),
)  # fmt: skip
