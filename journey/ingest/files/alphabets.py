"""How well bytes read in an encoding look like words of some language: the evidence of a few words is enough.

For each language its letters beyond ASCII stand in the order of their frequency; for the double-byte encodings, the
zones where their common signs lie.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

#: Encodings in the order in which they are believed where two read the same.
SINGLE_BYTE: Final = (
    "cp1252", "cp1250", "cp1251", "iso8859_15", "iso8859_2", "iso8859_16", "mac_roman", "koi8_r", "koi8_u", "cp1253",
    "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "iso8859_5", "iso8859_7", "iso8859_6", "iso8859_8",
    "iso8859_9", "iso8859_13", "cp850", "cp852", "cp866", "mac_latin2", "mac_cyrillic", "mac_greek", "mac_turkish",
)  # fmt: skip
_RARE: Final = ("mac_", "cp8", "iso8859_13", "iso8859_5", "iso8859_6")
WIDE: Final = ("gb18030", "big5", "cp932", "euc_kr", "cp949", "euc_jp")

_LATIN: Final = {
    "ro": "ăîâșțşţ", "de": "üäöß", "fr": "éèàêçùôâîûëïœ", "es": "óíáéñúü¿¡", "pt": "ãçéáóíõêúâàô", "it": "àèòùéì",
    "pl": "ęąłóżśćńź", "cs": "íáéěšřžčýůúťďňó", "sk": "áíéčžýšľúťôňäďó", "hu": "áéöőóüíúű", "hr": "čšžćđ",
    "sv": "äöåé", "da": "øåæé", "is": "áíðþúóéæöý", "tr": "ıüşöçğİâ", "et": "äõüöšž", "lv": "āīēšūļņķģčž",
    "lt": "ėįųšžąūęč", "sq": "ëç", "nl": "ëéïèö", "ca": "àèóéíçúòïü",
    "vi": "đăâêôơưàáéèíìóòúùý\u0301\u0300\u0309\u0303\u0323",
}  # fmt: skip
_OTHER: Final = {
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оанивтеріслкмдпуязьгбчйхцїюжєшщфґ",
    "bg": "аоеинтрсвлпкдмзъугчбяйхцшжщюф",
    "sr": "аоиенрјсткудвмпзгљлбчшњцжхћђфџ", "el": "αοιετσνυκρπμηλςωδγχθφβξζψάόίέήύώ",
    "he": "יוהלאתרבשמםנחדכקעטפגסזןךצףץ",
    "ar": "اليمنوترهعبدسفقحكةجشصىطخضذزثغظءأإئآؤ", "fa": "ایرندهمتوسبشلکخزفگعقجحصپطچضغظثذ",
    "th": "านรอกเงมยลวดทสตะปบคหแจพชขใไโผูีิึืุ่้๊๋็์ัาำซณธภถฟฝศษญฉฐฎฏฑฒฆฬ",
}  # fmt: skip
_FREQUENCY: Final = {
    language: {letter: 1.0 - 0.6 * rank / len(letters) for rank, letter in enumerate(letters)}
    for language, letters in (*_LATIN.items(), *_OTHER.items())
}
# The comma below and the cedilla are the same letters to Romanian writers.
_FREQUENCY["ro"].update(dict.fromkeys("șşțţ", _FREQUENCY["ro"]["ț"]))
_SCRIPTS: Final = {
    **dict.fromkeys(_LATIN, "LATIN"),
    **dict.fromkeys(("ru", "uk", "bg", "sr"), "CYRILLIC"),
    "el": "GREEK", "he": "HEBREW", "ar": "ARABIC", "fa": "ARABIC", "th": "THAI",
}  # fmt: skip
#: Signs that stand beside words, not within them.
_SIGNS: Final = frozenset("“”„‘’‚–—…€£¥°§©®™«»¿¡ºª·•½¼¾²³¹´×±µ¢¶†‹›№\u00a0\u00ad\u200b\u200e\u200f")
_WITHIN_WORDS: Final = frozenset("’–·ºª\u00ad\u200c\u200d")
_WORD = re.compile(rb"[^\x00-\x40\x5b-\x60\x7b-\x7f]+")
_ALL_LETTERS = 0.7
#: What is judged of the evidence: so many words, lines and bytes are enough.
_WORDS, _WORD_BYTES, _LINES, _PAIR_BYTES = 500, 24, 400, 16_000
_FIRST_LEAD = 0x80
#: Of two readings that are equally good the more usual encoding is meant.
_DOUBT = 0.001
_RARE_DOUBT: Final = 0.08


@dataclass(frozen=True)
class Reading:
    """Evidence read in an encoding: the text, and how much it looks like words (1 at best)."""

    encoding: str
    text: str
    score: float


def readings(evidence: Sequence[bytes]) -> list[Reading]:
    """Read lines in every encoding that allows it, the most plausible first."""
    words = _spread(
        sorted({word[:_WORD_BYTES] for line in evidence for word in _WORD.findall(line) if not word.isascii()}), _WORDS
    )
    lines = sorted(set(evidence))
    pairs = b"\n".join(_spread(lines, _LINES))[:_PAIR_BYTES]
    found: list[Reading] = []
    for place, encoding in enumerate((*SINGLE_BYTE, *WIDE)):
        try:
            text = b"\n".join(lines).decode(encoding)
            score = (
                _score_of_pairs(pairs, encoding)
                if encoding in WIDE
                else _score_of_words([word.decode(encoding) for word in words]) - _doubt(place, encoding)
            ) + _PRIOR.get(encoding, 0.0)
        except UnicodeDecodeError:
            continue
        found.append(Reading(encoding, text, score))
    return sorted(found, key=lambda each: -each.score)


def _spread(evidence: Sequence[bytes], at_most: int) -> Sequence[bytes]:
    """Take so many of them from all over: more say nothing new and cost time."""
    return evidence[:: -(-len(evidence) // at_most)] if evidence else evidence


def _doubt(place: int, encoding: str) -> float:
    return _DOUBT * place + (_RARE_DOUBT if encoding.startswith(_RARE) else 0.0)


@dataclass
class _Evidence:
    """Where a reading's other than ASCII signs stand: each sign with its neighbours, and how much it weighs.

    Where neighbours are no letters of their own it does not matter which they are, so few of these differ.
    """

    weights: dict[tuple[str, str, str], float]
    #: What is said against the reading whatever its language is.
    penalty: float = 0.0


def _score_of_words(words: Sequence[str]) -> float:
    """Rate words by the language that they suit best, all of them together."""
    latin, other = _evidence(words, is_latin=True), _evidence(words, is_latin=False)
    return max(
        _score_in_language(latin if _SCRIPTS[language] == "LATIN" else other, language) / max(1, len(words))
        for language in _FREQUENCY
    )


def _evidence(words: Sequence[str], *, is_latin: bool) -> _Evidence:
    found = _Evidence({})
    for word in words:
        n_ascii = sum(sign.isascii() and sign.isalpha() for sign in word)
        signs = [place for place, sign in enumerate(word) if not sign.isascii()]
        n_letters = sum(word[place].isalpha() for place in signs) + n_ascii
        if is_latin and n_letters > 3 and len(signs) > _ALL_LETTERS * n_letters:
            found.penalty -= 0.5
            continue
        n_judged = max(1, len(signs) + (0 if is_latin else n_ascii))
        found.penalty -= 0.0 if is_latin else 0.5 * n_ascii / n_judged
        for place in signs:
            before, behind = _kind(word[place - 1 : place] if place else ""), _kind(word[place + 1 : place + 2])
            key = word[place], before, behind
            found.weights[key] = found.weights.get(key, 0.0) + 1.0 / n_judged
    return found


def _kind(neighbour: str) -> str:
    """Stand a letter of the same kind for a neighbour: small, great, of no case, or no letter."""
    if not neighbour.isalpha():
        return ""
    return "a" if neighbour.islower() else "A" if neighbour.isupper() else "\u05d0"


def _score_in_language(evidence: _Evidence, language: str) -> float:
    frequency, script = _FREQUENCY[language], _SCRIPTS[language]
    return evidence.penalty + sum(
        weight * _score_of_sign(sign, before, behind, frequency, script)
        for (sign, before, behind), weight in evidence.weights.items()
    )


def _score_of_sign(sign: str, before: str, behind: str, frequency: dict[str, float], script: str) -> float:
    own = frequency.get(sign) or frequency.get(sign.lower())
    if own is None and sign in _SIGNS:
        is_within = before.isalpha() and behind.isalpha()
        if is_within and sign not in _WITHIN_WORDS:
            return -1.0
        return 0.2 if before.isalpha() or behind.isalpha() else 0.5
    if own is None and unicodedata.category(sign)[0] not in "LM":
        return -1.0
    if sign.isupper() and before.isalpha() and before.islower():
        return -1.0
    if sign.islower() and len(before) and before.isupper() and behind.isupper():
        return -0.5
    if own is not None:
        return own
    return -0.2 if unicodedata.name(sign, "").startswith(script) else -1.0


def _between(leads: tuple[int, int], trails: tuple[int, int], lead: int, trail: int) -> bool:
    return leads[0] <= lead <= leads[1] and trails[0] <= trail <= trails[1]


#: Where the common signs of a double-byte encoding lie: what is above zero in the first half, and rarer below.
_COMMON: Final[dict[str, tuple[Callable[[int, int], bool], ...]]] = {
    "gb18030": (partial(_between, (0xB0, 0xD7), (0xA1, 0xFE)), partial(_between, (0xA1, 0xA3), (0xA1, 0xFE))),
    "big5": (partial(_between, (0xA4, 0xC6), (0x40, 0xFE)), partial(_between, (0xA1, 0xA3), (0x40, 0xFE))),
    "cp932": (
        partial(_between, (0x82, 0x83), (0x40, 0xFC)),
        partial(_between, (0x88, 0x97), (0x40, 0xFC)),
        partial(_between, (0x81, 0x81), (0x40, 0xFC)),
    ),
    "euc_kr": (partial(_between, (0xB0, 0xC8), (0xA1, 0xFE)), partial(_between, (0xA1, 0xA3), (0xA1, 0xFE))),
    "cp949": (partial(_between, (0xB0, 0xC8), (0xA1, 0xFE)), partial(_between, (0x81, 0xA0), (0x41, 0xFE))),
    "euc_jp": (partial(_between, (0xA4, 0xA5), (0xA1, 0xFE)), partial(_between, (0xB0, 0xCF), (0xA1, 0xFE))),
}
#: Hangul and kana prove their encodings; Han signs are common to all.
_PRIOR: Final = {"gb18030": 0.02, "euc_kr": 0.05, "cp949": -0.05, "euc_jp": -0.06, "cp1258": -0.1}


def _score_of_pairs(text: bytes, encoding: str) -> float:
    n_pairs = n_common = n_kana = n_attached = 0
    place, is_behind_letter = 0, False
    while place < len(text) - 1:
        lead, trail = text[place], text[place + 1]
        if lead < _FIRST_LEAD or (encoding == "cp932" and 0xA1 <= lead <= 0xDF):
            # Half-width kana are no common signs: nobody writes whole words in them.
            n_pairs += lead >= _FIRST_LEAD
            is_behind_letter = text[place : place + 1].isalpha()
            place += 1
            continue
        n_pairs += 1
        n_common += any(is_common(lead, trail) for is_common in _COMMON[encoding])
        n_kana += encoding == "euc_jp" and lead in (0xA4, 0xA5)
        n_attached += is_behind_letter or text[place + 2 : place + 3].isalpha()
        place, is_behind_letter = place + 2, False
    share = n_common / max(1, n_pairs)
    kana = 0.4 if encoding == "euc_jp" and n_kana > 0.15 * n_pairs else 0.0
    return 2.0 * (share - n_attached / max(1, n_pairs)) - 1.1 + kana
