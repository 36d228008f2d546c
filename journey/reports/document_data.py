"""The figures and rows that a document carries as data, small and harmless inside a script element."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

#: Where in a figure something else stands, and what: `[["layout", "font", "color"], "#e6ecf2"]`; no path: all of it.
Change = list[Any]

_DIGITS = 6


def changes(before: Any, after: Any) -> list[Change]:
    """Tell what turns one figure into another, so that the second need not be kept whole.

    Examples
    --------
    >>> changes({"x": [1, 2], "font": {"color": "red", "size": 9}}, {"x": [1, 2], "font": {"color": "tan", "size": 9}})
    [[['font', 'color'], 'tan']]
    >>> changes(None, {"x": 1})
    [[[], {'x': 1}]]
    """
    return list(_changes(before, after, []))


def _changes(before: Any, after: Any, path: list[str | int]) -> list[Change]:
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() <= after.keys():
        parts = ((name, before.get(name), value) for name, value in after.items())
        return [each for name, old, new in parts for each in _changes(old, new, [*path, name])]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after) and _holds_parts(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [each for place, (old, new) in pairs for each in _changes(old, new, [*path, place])]
    return [[path, after]]


def _holds_parts(values: list[Any]) -> bool:
    return any(isinstance(value, dict) for value in values)


def plain(value: Any) -> Any:
    """Turn values of a result table or a figure into what JSON knows: short numbers, null for what is unknown.

    Examples
    --------
    >>> plain({"share": 0.123456789, "n": 12.0, "emotion": float("nan")})
    {'share': 0.123457, 'n': 12, 'emotion': None}
    """
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, float):
        return _number(value)
    return value


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    if value == int(value):
        return int(value)
    return float(f"{value:.{_DIGITS}g}")


def script_json(content: Any) -> str:
    r"""Write content so that no text in it can end the script element around it.

    Examples
    --------
    >>> print(script_json({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    escaped = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return escaped.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
