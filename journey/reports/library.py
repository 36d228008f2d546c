"""The script that draws the charts of a document: served once beside linked documents, or embedded."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from plotly.offline import get_plotlyjs


@cache
def chart_library() -> tuple[str, bytes]:
    """Hand out the chart library with a file name that changes when it does, so that it may be kept for ever.

    Returns
    -------
    tuple
        File name (`plotly-<16 hex>.js`) and content.

    Examples
    --------
    >>> name, script = chart_library()
    >>> name.startswith("plotly-"), len(name), script.startswith(b"/**")
    (True, 26, True)
    """
    script = get_plotlyjs().encode()
    return f"plotly-{sha256(script).hexdigest()[:16]}.js", script
