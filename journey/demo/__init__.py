"""The sample company: Tallybrook, invented, sells planning and reporting software by subscription.

One year of its customers' journeys, drawn from a seed, with planted stories (`journey.demo.stories`) that the analyses
ought to find. Only the standard library draws, so the files are the same bytes on every machine.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from journey.demo.after import lives_on
from journey.demo.before import buys
from journey.demo.company import Person, people
from journey.demo.spend import Spend, spend
from journey.demo.walk import Interaction, Walk

__all__ = ["demo_files"]

CUSTOMER_COLUMNS = ("customer_id", "country", "company_size", "plan", "age_band", "goal", "industry")
SHARE_FIRST_UNKNOWN = 0.085
ANONYMOUS_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def demo_files(directory: Path, *, seed: int = 2025) -> list[Path]:
    """Writes the sample company's interactions, customers and marketing spend.

    Parameters
    ----------
    directory
        Where to write; made if it is not there. Files of the same names are replaced.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    list of Path
        `interactions.csv`, `customers.csv` and `spend.csv`; their columns are described in `sample_data/README.md`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in demo_files(Path(folder))]
    ['interactions.csv', 'customers.csv', 'spend.csv']
    """
    directory.mkdir(parents=True, exist_ok=True)
    everyone = people(seed)
    interactions = sorted(
        (row for person in everyone for row in _interactions(person, seed)),
        key=lambda row: (row.timestamp, row.customer_id),
    )
    customers = ([str(getattr(person, column)) for column in CUSTOMER_COLUMNS] for person in everyone)
    return [
        _written(directory / "interactions.csv", Interaction._fields, interactions),
        _written(directory / "customers.csv", CUSTOMER_COLUMNS, customers),
        _written(directory / "spend.csv", Spend._fields, spend(seed)),
    ]


def _interactions(person: Person, seed: int) -> list[Interaction]:
    whose = person.customer_id
    walk = Walk(person, Random(f"{seed}/walk/{whose}"), Random(f"{seed}/mood/{whose}"), person.starts)
    walk.wait(0.01)
    if person.since_last_year or buys(walk):
        lives_on(walk)
    return _with_anonymous_beginning(walk.rows, Random(f"{seed}/identity/{whose}"))


def _with_anonymous_beginning(rows: list[Interaction], chance: Random) -> list[Interaction]:
    """Gives some persons' first device an id of its own, until they make themselves known."""
    is_chosen = chance.random() < SHARE_FIRST_UNKNOWN
    n_unknown = next((number for number, row in enumerate(rows) if row.stage != "awareness"), 0)
    if not is_chosen or n_unknown == 0:
        return rows
    anonymous_id = "a-" + "".join(chance.choices(ANONYMOUS_ALPHABET, k=6))
    other_device = "laptop" if rows[-1].device == "phone" else "phone"
    unknown = [
        row._replace(customer_id=anonymous_id, anonymous_id=anonymous_id, device=row.device and other_device)
        for row in rows[:n_unknown]
    ]
    known = [row._replace(anonymous_id=anonymous_id) for row in rows[n_unknown:]]
    return unknown + known


def _written(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path
