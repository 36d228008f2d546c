"""One escape per place where a picture shows text from the data, so that the text stays text."""

from __future__ import annotations

import html
import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def html_text(text: object) -> str:
    """Write a text for HTML, between tags or inside a quoted attribute.

    Examples
    --------
    >>> html_text('<b>x</b> & "y"')
    '&lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;'
    """
    return html.escape(_CONTROL.sub(" ", str(text)), quote=True)


def plotly_text(text: object) -> str:
    """Write a text for a Plotly label, which reads pseudo-HTML, entities and `%{…}` templates.

    Examples
    --------
    >>> plotly_text("<b>x</b> %{y} & z")
    '&lt;b&gt;x&lt;/b&gt; &#37;{y} &amp; z'
    """
    written = _CONTROL.sub(" ", str(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return written.replace("%{", "&#37;{")
