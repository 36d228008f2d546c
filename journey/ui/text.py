"""Text from data on its way into Streamlit, where every label is Markdown."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&@/])")


def plain(text: object) -> str:
    """Escape a text so that Markdown shows it literally; for labels, captions and messages.

    Not for options of a select box, cells of a data frame or chart labels, which are shown literally anyway.
    """
    return _MARKDOWN.sub(r"\\\1", str(text))
