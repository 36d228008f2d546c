"""What leaves the building: a dataset's findings, map and pictures in one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from journey.dataset import Dataset
from journey.errors import ArgumentError
from journey.reports.html import html_report
from journey.reports.json import json_report

__all__ = ["write_report"]

_WRITERS: dict[str, Callable[[Dataset], str]] = {
    ".html": html_report,
    ".json": json_report,
}


def write_report(dataset: Dataset, path: Path) -> None:
    """Write a report about a dataset, as its filters leave it, to one file.

    `.html` is one document that needs nothing else and asks for nothing: the pages of the app, each with its finding,
    picture, table and how it was counted. Its figures are exact, for one's own use. `.json` holds the result tables.
    Neither holds an id of a customer; quotes, in the maps of the `.json`, are masked.

    Parameters
    ----------
    dataset
        Perhaps filtered.
    path
        Where to write; its ending chooses the format. A file that is there is replaced.

    Raises
    ------
    ArgumentError
        When the ending is neither `.html` nor `.json`.

    Examples
    --------
    >>> import journey, pandas as pd, tempfile
    >>> log = pd.DataFrame({"customer_id": ["a"], "touchpoint": ["see"], "timestamp": pd.to_datetime(["2025-01-01"])})
    >>> path = Path(tempfile.mkdtemp()) / "report.json"
    >>> write_report(journey.load(log), path)
    >>> path.exists()
    True
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise ArgumentError.not_one_of("the file's ending", path.suffix, list(_WRITERS))
    path.write_text(_WRITERS[suffix](dataset), "utf-8")
