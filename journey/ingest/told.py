"""What an import tells a person: a sentence, and a code by which a machine knows the kind of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """Something worth knowing about a file or an import.

    `code` is one of the fixed words of `docs/your-data.md` (`DATE_FORMAT`, `FOOTER_SKIPPED`, …) and never changes;
    `text` is a whole sentence in the reader's language.
    """

    code: str
    text: str
