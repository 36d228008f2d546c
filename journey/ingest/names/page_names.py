"""Addresses of pages become names that people read: without host, query, language and ids, never with personal data."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, unquote

from journey.ingest.names.sites import host_of

#: Stands for an id in a path.
ANY: Final = "*"
_LONGEST_SEGMENT: Final = 60

_ADDRESS: Final = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*:)?//|^/(?!\s)|^www\.|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/", re.IGNORECASE
)
_LANGUAGES: Final = frozenset(
    {
        "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ro", "ru", "uk", "cs", "sk", "hu", "sv", "da", "fi", "nb",
        "no", "el", "tr", "ar", "he", "zh", "ja", "ko", "vi", "th", "bg", "sr", "sl", "lt", "lv", "et", "ca",
    }
)  # fmt: skip
_LOCALE: Final = re.compile(r"^[a-z]{2}[-_](?:[a-z]{2}|latn|cyrl|hans|hant)$", re.IGNORECASE)
_INDEX: Final = re.compile(r"^(?:index|default|home)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|cfm|do)$", re.IGNORECASE)
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HASH: Final = re.compile(r"^(?=.*\d)[0-9a-f]{8,}$", re.IGNORECASE)
_TOKEN: Final = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_=+.-]{16,}$")
_LONG_NUMBER: Final = re.compile(r"\d{5,}|(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4}(?!\d)")
_SLUG: Final = re.compile(r"^[a-z]+(?:[-_][a-z0-9]+)+$", re.IGNORECASE)
_LONG_SLUG: Final = 25
_PHONE: Final = re.compile(r"^\+?[\d\s().-]{7,}$")
#: Behind these words stands who it is about, or what lets one in; unless it is a page that we know.
_PERSONAL: Final = frozenset(
    {
        "user", "users", "u", "member", "members", "customers", "patients", "profiles", "invite", "invitation",
        "reset", "verify", "confirm", "activate", "token", "unsubscribe", "magic-link", "reset-password",
        "password-reset",
    }
)  # fmt: skip
_STEPS: Final = frozenset({"step", "steps", "schritt", "etape", "paso", "passo", "pas"})

#: Kinds of pages by the first word of their path: the page itself, and what lies one level beneath it, if of one kind.
_PAGE_TYPES: Final[tuple[tuple[str, str | None, str], ...]] = (
    ("Product list", "Product page", "product products produkt produkte produit produits producto productos"),
    ("Product list", "Product page", "prodotti produs produse item items"),
    ("Pricing page", None, "pricing prices price plans preise tarife tarifs prix precios prezzi preturi cennik"),
    ("Blog", "Blog article", "blog blogs article articles magazin magazine"),
    ("Checkout page", None, "checkout kasse caisse"),
    ("Cart page", None, "cart basket bag warenkorb panier carrito carrello cos koszyk"),
    ("Docs page", "Docs page", "docs documentation dokumentation"),
    ("Help page", "Help article", "help support faq faqs hilfe aide ayuda help-center help-centre knowledge-base kb"),
    ("Login page", None, "login log-in signin sign-in anmelden connexion"),
    ("Sign-up page", None, "signup sign-up register registration registrieren inscription registro"),
    ("Account page", None, "account my-account myaccount konto mein-konto mon-compte mi-cuenta"),
    ("Search page", None, "search suche recherche buscar ricerca cautare szukaj results"),
    ("Category page", "Category page", "category categories collection collections kategorie categorie categoria"),
    ("Contact page", None, "contact contact-us kontakt contacto contatti"),
    ("About page", None, "about about-us ueber-uns a-propos"),
    ("Wishlist page", None, "wishlist favourites favorites merkliste"),
)  # fmt: skip
_TYPE_OF: Final = {word: (page, below) for page, below, words in _PAGE_TYPES for word in words.split()}
_KNOWN_PAGES: Final = frozenset(_TYPE_OF) | frozenset(
    {
        "logout", "edit", "settings", "new", "password", "orders", "order", "dashboard", "profile", "forgot-password",
        "preferences", "billing",
    }
)  # fmt: skip
#: What stands before the words of a search.
SEARCHED: Final = "Search: "
SEARCH_TERMS: Final = ("q", "query", "s", "search", "search_query", "keyword", "keywords", "term", "k", "text")
_MAIL_OR_NUMBER: Final = re.compile(r"@|\d{5,}|\d[\d\s().-]{6,}\d")
_LONGEST_TERM: Final = 40


def is_address(text: str) -> bool:
    """Tell whether a text is the address or the path of a page.

    >>> [is_address(each) for each in ("https://example.com", "/pricing", "example.com/a", "page_view", "and/or")]
    [True, True, True, False, False]
    """
    return _ADDRESS.match(text.strip()) is not None


def page_name(address: str, main_host: str = "") -> str | None:
    """Name the page that stands at an address; None when there is no path to read.

    Pages of a kind we know are called by it (`Pricing page`, `Product page`), others by their path, with `*` for
    everything in it that looks like an id. Search terms stand behind `Search`. Where `main_host` is given, pages of
    other hosts are called by host and path.

    >>> page_name("https://www.example.com/de/pricing/?utm_source=x#top"), page_name("/product/red-shoe-4711")
    ('Pricing page', 'Product page')
    >>> page_name("/"), page_name("/teams/8f14e45fceea167a/board"), page_name("/search?q=red+shoes")
    ('Home page', '/teams/*/board', 'Search: red shoes')
    >>> page_name("https://help.example.com/start", "example.com")
    'help.example.com/start'
    """
    path = clean_path(address)
    host = host_of(address)
    if main_host and host and host != main_host:
        return f"{host}{'' if path == '/' else path}"
    return _named(path) or _search(path, address) or path


def clean_path(address: str) -> str:
    """Bring an address to its path: no host, query, language, index page or closing slash; ids become `*`.

    >>> clean_path("https://example.com/en-us/shop/index.html?a=b"), clean_path("/users/ana@example.com/edit")
    ('/shop', '/users/*/edit')
    """
    segments = _segments(address)
    cleaned: list[str] = []
    before = ""
    for segment in segments:
        cleaned.append(_clean_segment(segment, before))
        before = segment.casefold()
    return "/" + "/".join(cleaned)


def whole_path(address: str) -> str:
    """Bring an address to its path with ids left in, as patterns are compared with; it is never shown."""
    return "/" + "/".join(_segments(address))


def _segments(address: str) -> list[str]:
    text = address.strip()
    text, _mark, fragment = text.partition("#")
    path = re.sub(r"^(?:[a-z][a-z0-9+.-]*:)?//[^/?]*", "", text.partition("?")[0], flags=re.IGNORECASE)
    if path == text and not path.startswith("/"):
        path = path.partition("/")[2]
    if path.strip("/") == "" and fragment.lstrip("!").startswith("/"):
        path = fragment.lstrip("!").partition("?")[0]
    segments = [" ".join(_decoded(part.partition(";")[0]).split()) for part in path.split("/")]
    segments = [segment for segment in segments if segment and segment not in (".", "..")]
    if segments and (segments[0].casefold() in _LANGUAGES or _LOCALE.match(segments[0])):
        segments = segments[1:]
    if segments and _INDEX.match(segments[-1]):
        segments = segments[:-1]
    if segments:
        segments[-1] = _ENDING.sub("", segments[-1])
    return segments


def _decoded(text: str) -> str:
    for _round in range(3):
        if "%" not in text:
            break
        text = unquote(text)
    return text


@lru_cache(maxsize=100_000)
def _clean_segment(segment: str, before: str) -> str:
    if segment.isalpha() and before not in _PERSONAL:
        return segment if len(segment) <= _LONGEST_SEGMENT else ANY
    if before in _STEPS and segment.isdigit() and len(segment) < 3:
        return segment
    return ANY if _is_id(segment, before) else segment


def _is_id(segment: str, before: str) -> bool:
    if before in _PERSONAL and segment.casefold() not in _KNOWN_PAGES:
        return True
    if segment.isdigit() or "@" in segment or len(segment) > _LONGEST_SEGMENT or _PHONE.match(segment):
        return True
    if _UUID.search(segment) or _HASH.match(segment) or _LONG_NUMBER.search(segment):
        return True
    has_digit = any(sign.isdigit() for sign in segment)
    if _SLUG.match(segment):
        return has_digit and len(segment) >= _LONG_SLUG
    return _TOKEN.match(segment) is not None


def _named(path: str) -> str | None:
    segments = path.strip("/").casefold().split("/")
    if segments == [""]:
        return "Home page"
    page, below = _TYPE_OF.get(segments[0], (None, None))
    if len(segments) == 1:
        return page if page != "Search page" else None
    is_one_level = all(segment == ANY or segment.isdigit() for segment in segments[1:-1])
    return below if is_one_level else None


def _search(path: str, address: str) -> str | None:
    """Name a search by its words, unless they may be personal."""
    page, _below = _TYPE_OF.get(path.strip("/").casefold(), (None, None))
    if page != "Search page":
        return None
    query = parse_qs(address.partition("?")[2].partition("#")[0])
    said = next((query[name][0] for name in SEARCH_TERMS if name in query), "")
    words = " ".join(_decoded(said).split()).casefold()
    return page if not words or _MAIL_OR_NUMBER.search(words) else f"{SEARCHED}{words[:_LONGEST_TERM]}"
