"""XML is read as a stream of elements; a file that declares entities or a document type of its own is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn
from xml.parsers import expat

from journey.errors import FileUnreadableError
from journey.language import _

_BREAKS_OFF = tuple(
    expat.errors.codes[words]
    for words in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)

#: Hears an element's name without its prefix, and its attributes.
Begun = Callable[[str, dict[str, str]], None]
Ended = Callable[[str], None]


class _Enough(Exception):  # noqa: N818 - no error: what was looked for is found
    pass


def parser(name: str, begun: Begun, ended: Ended | None = None) -> expat.XMLParserType:
    """Make a parser that tells elements as they come and refuses what no export needs."""

    def refuse(*_declared: object) -> NoReturn:
        raise FileUnreadableError.forbidden_xml(name)

    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler = lambda tag, attributes: begun(tag.rpartition(":")[2], attributes)
    if ended is not None:
        made.EndElementHandler = lambda tag: ended(tag.rpartition(":")[2])
    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    return made


def read_through(made: expat.XMLParserType, chunks: Iterable[bytes], name: str, *, is_end: bool = True) -> None:
    """Feed a parser, to the end of the file unless more is to come."""
    try:
        for chunk in chunks:
            made.Parse(chunk, False)
        if is_end:
            made.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code in _BREAKS_OFF:
            raise FileUnreadableError.truncated(name) from error
        raise FileUnreadableError.damaged(name, _("its XML is not written as XML has to be")) from error


def root_of(chunks: Iterable[bytes], name: str) -> tuple[str, dict[str, str]] | None:
    """Tell the first element and its attributes; None where there is none, the text being no XML."""
    found: list[tuple[str, dict[str, str]]] = []

    def begun(tag: str, attributes: dict[str, str]) -> None:
        found.append((tag, attributes))
        raise _Enough

    made = parser(name, begun)
    try:
        for chunk in chunks:
            made.Parse(chunk, False)
    except _Enough:
        return found[0]
    except expat.ExpatError:
        return None
    return None
