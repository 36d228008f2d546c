"""Typed interactions become the tables of a dataset version.

Everything the screens ask again and again is worked out here once: who met what in which order, which journey and
visit it belongs to, what followed it and how long that took. A plain group-by over `steps` then answers a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa

from journey.engine import Draft, literal, quoted
from journey.facts import Attribute
from journey.ingest.cells.sequences import MISSING, Log, Numbers, Stretch, stretches
from journey.ingest.cells.tallies import Tallies
from journey.vocabulary import GOAL, STEPS

#: What `typed` must hold beside the attributes; the columns of `journey.vocabulary.STEPS` come from these.
TYPED_COLUMNS = (
    "customer_id", "timestamp", "touchpoint", "channel", "ownership", "stage", "device", "campaign",
    "emotion", "score", "score_kind", "comment", "revenue", "line", "moment",
)  # fmt: skip
#: Columns of names that are kept as codes, and those that `steps` holds of the next interaction as well.
_ENUMERATED = ("touchpoint", "channel", "ownership", "stage", "device")
_FOLLOWED = ("touchpoint", "channel", "stage", "device")
_BATCH_ROWS = 1_000_000
#: Rows that the engine stores together; given other numbers, it writes what it has written again.
_GROUP_ROWS = 122_880
_LARGEST_SMALL_CODE = 32_000
#: Units in which times are kept: the coarsest one that loses nothing takes the least room.
_UNITS: Final = {1_000_000: "TIMESTAMP_S", 1_000: "TIMESTAMP_MS", 1: "TIMESTAMP"}
#: How the file keeps the columns of numbers; left to itself, the engine tries every way on every column.
_KEPT: Final = {
    "customer_key": "INTEGER USING COMPRESSION bitpacking", "customer_id": "VARCHAR USING COMPRESSION dict_fsst",
    "sequence": "INTEGER USING COMPRESSION bitpacking", "campaign": "VARCHAR USING COMPRESSION dict_fsst",
    "emotion": "DOUBLE", "revenue": "DOUBLE", "journey": "INTEGER USING COMPRESSION rle",
    "visit": "INTEGER USING COMPRESSION bitpacking", "step": "INTEGER USING COMPRESSION bitpacking",
    "is_open": "BOOLEAN USING COMPRESSION rle", "to_next": "BIGINT USING COMPRESSION bitpacking",
    "line": "BIGINT USING COMPRESSION bitpacking",
}  # fmt: skip


def materialise(draft: Draft, stages: Sequence[str], attributes: Sequence[Attribute]) -> None:
    """Turn `typed` and what is known of touchpoints, channels and customers into `steps`, `customers`, `comments`.

    `typed` holds `TYPED_COLUMNS`, one row per kept interaction; what has the same time is ordered by `line` and
    `moment`, which together are a row's own. `touchpoint_stages` (touchpoint, before, after) names the stage of a
    touchpoint before and after the customer's first purchase, `channel_ownership` (channel, ownership) the owner where
    the interaction tells none; `attribute_values` has one row per customer_id and a column per attribute. `stages` are
    all stages in order. The inputs are dropped.
    """
    names = _names(draft, stages)
    draft.execute(
        """CREATE TABLE keys AS
        SELECT customer_id, CAST(row_number() OVER (ORDER BY customer_id) AS INTEGER) AS customer_key
        FROM attribute_values"""
    )
    log = _log(draft, names)
    draft.execute(
        """CREATE TABLE said AS SELECT line, moment, timestamp, touchpoint, score, score_kind, emotion, comment
        FROM typed WHERE score IS NOT NULL OR comment IS NOT NULL"""
    )
    draft.drop("typed", "touchpoint_stages", "channel_ownership")
    tallies = Tallies(log)
    _keep_steps(draft, log, names, tallies)
    _keep_comments(draft, tallies, names["stage"])
    _keep_customers(draft, tallies, names, attributes)
    draft.drop("said", "keys", "attribute_values")


# --- From rows of texts to arrays of numbers -----------------------------------------------------------------------


def _names(draft: Draft, stages: Sequence[str]) -> dict[str, list[str]]:
    """Find the names in each column; a type `<column>_name` numbers them, so that a name is a code from here on."""
    names = {"stage": list(stages)}
    for column in (*_ENUMERATED, "campaign"):
        if column not in names:
            met = f"SELECT DISTINCT {column} AS name FROM typed WHERE {column} IS NOT NULL"
            found = f"SELECT CAST(name AS VARCHAR) FROM ({met})"
            further = "UNION SELECT ownership FROM channel_ownership" if column == "ownership" else ""
            names[column] = [str(name) for (name,) in draft.rows(f"{found} {further} ORDER BY 1")]
        draft.create_names(f"{column}_name", names[column])
    return names


def _log(draft: Draft, names: dict[str, list[str]]) -> Log:
    """Take the interactions out of the draft, column by column."""
    asked = {
        "customer": ("customer_key - 1", np.int32),
        "microseconds": ("epoch_us(timestamp)", np.int64),
        "line": ("line", np.int64),
        "moment": ("moment", np.int16),
        "emotion": ("emotion", np.float64),
        "revenue": ("revenue", np.float64),
        "is_said": ("score IS NOT NULL OR comment IS NOT NULL", np.bool_),
    }
    for column, known in names.items():
        if known:
            code = f"coalesce(CAST(enum_code(CAST({column} AS {column}_name)) AS INTEGER), {MISSING})"
            asked[column] = (code, np.int16 if len(known) <= _LARGEST_SMALL_CODE else np.int32)
    [(n_rows,)] = draft.rows("SELECT count(*) FROM typed")
    taken = {name: np.empty(n_rows, kind) for name, (_sql, kind) in asked.items()}
    selected = ", ".join(f"{sql} AS {quoted(name)}" for name, (sql, _kind) in asked.items())
    at = 0
    for batch in draft.batches(f"SELECT {selected} FROM typed JOIN keys USING (customer_id)", _BATCH_ROWS):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            taken[name][at : at + batch.num_rows] = column.to_numpy(zero_copy_only=False)
        at += batch.num_rows
    if at != n_rows:
        # What is left in the arrays would be taken for interactions.
        msg = f"{n_rows - at} interactions are of customers that attribute_values does not have"
        raise AssertionError(msg)
    missing = np.broadcast_to(np.int16(MISSING), n_rows)
    codes = {column: taken.pop(column, missing) for column in names}
    owners = _owners(draft, names)[codes["channel"]]
    codes["ownership"] = np.where(codes["ownership"] == MISSING, owners, codes["ownership"])
    before, after = _stages_by_touchpoint(draft, names)
    goal = names["stage"].index(GOAL) if GOAL in names["stage"] else MISSING - 1
    return Log(**taken, codes=codes, before=before, after=after, goal=goal)


def _owners(draft: Draft, names: dict[str, list[str]]) -> Numbers:
    """Tell the code of the ownership for each code of a channel; the last one is for a missing channel."""
    owners = dict(draft.rows("SELECT channel, ownership FROM channel_ownership"))
    codes = {name: code for code, name in enumerate(names["ownership"])}
    return np.array([*(codes.get(owners.get(name, ""), MISSING) for name in names["channel"]), MISSING], np.int16)


def _stages_by_touchpoint(draft: Draft, names: dict[str, list[str]]) -> tuple[Numbers, Numbers]:
    codes = {name: code for code, name in enumerate(names["stage"])}
    stages = {
        touchpoint: (codes.get(before, MISSING), codes.get(after, MISSING))
        for touchpoint, before, after in draft.rows("SELECT touchpoint, before, after FROM touchpoint_stages")
    }
    pairs = [stages.get(name, (MISSING, MISSING)) for name in names["touchpoint"]]
    before, after = np.array(pairs, np.int16).reshape(-1, 2).T
    return before, after


# --- Into the file -------------------------------------------------------------------------------------------------


def _keep_steps(draft: Draft, log: Log, names: dict[str, list[str]], tallies: Tallies) -> None:
    """Write the interactions in order, each beside the one that follows it in its journey, and the view `steps`."""
    unit = next(unit for unit in _UNITS if not (log.microseconds % unit).any())
    ids = draft.arrow("SELECT customer_id FROM keys ORDER BY customer_key")["customer_id"].combine_chunks()
    kept = _kept_columns(unit)
    draft.execute(f"CREATE TABLE kept.stored_steps ({', '.join(f'{name} {kind}' for name, kind in kept.items())})")
    dictionaries = {column: pa.array(known, pa.string()) for column, known in names.items()}

    def batches() -> Iterator[pa.RecordBatch]:
        for stretch in stretches(log):
            tallies.add(stretch)
            yield _batch(log, stretch, ids, dictionaries, unit, list(kept))

    stream = _in_groups(batches())
    first = next(stream)
    draft.append("kept.stored_steps", pa.RecordBatchReader.from_batches(first.schema, _again(first, stream)))
    shown = ", ".join(_shown(name, unit) for name in STEPS)
    draft.execute(f"CREATE VIEW kept.steps AS SELECT {shown} FROM stored_steps")
    draft.execute("CREATE VIEW kept.interactions AS SELECT * FROM steps")


def _in_groups(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        while sum(each.num_rows for each in held) >= _GROUP_ROWS:
            rows = pa.Table.from_batches(held)
            yield from rows.slice(0, _GROUP_ROWS).combine_chunks().to_batches()
            held = rows.slice(_GROUP_ROWS).to_batches()
    if held:
        yield from pa.Table.from_batches(held).combine_chunks().to_batches()


def _again(first: pa.RecordBatch, others: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from others


def _kept_columns(unit: int) -> dict[str, str]:
    """Tell the stored columns and how they are kept, in the order of `STEPS`."""
    codes = {column: f"{column}_name USING COMPRESSION bitpacking" for column in _ENUMERATED}
    ahead = {f"next_{column}": codes[column] for column in _FOLLOWED}
    known = _KEPT | codes | ahead | {"timestamp": f"{_UNITS[unit]} USING COMPRESSION bitpacking"}
    return {name: known[name] for name in (*STEPS, "to_next") if name in known}


def _shown(column: str, unit: int) -> str:
    """Write the SQL that makes a column of `steps` of the stored ones."""
    if column == "timestamp":
        return "CAST(timestamp AS TIMESTAMP) AS timestamp"
    if column == "next_timestamp":
        return f"make_timestamp(epoch_us(timestamp) + to_next * {unit}) AS next_timestamp"
    if column == "seconds_to_next":
        whole = "CAST(to_next AS DOUBLE)"
        return f"{whole if unit == 1_000_000 else f'{whole} / {1_000_000 // unit}'} AS seconds_to_next"
    return column


def _batch(
    log: Log, stretch: Stretch, ids: pa.Array, dictionaries: dict[str, pa.Array], unit: int, order: Sequence[str]
) -> pa.RecordBatch:
    rows = stretch.rows
    codes = {column: log.codes[column][rows] if column != "stage" else stretch.stage for column in dictionaries}
    to_next = np.diff(stretch.microseconds, append=0) // unit
    columns: dict[str, pa.Array] = {
        "customer_key": pa.array(stretch.customer + np.int32(1)),
        "customer_id": ids.take(pa.array(stretch.customer)),
        "timestamp": pa.array(stretch.microseconds).cast(pa.timestamp("us")),
        "emotion": pa.array(log.emotion[rows], from_pandas=True),
        "revenue": pa.array(log.revenue[rows], from_pandas=True),
        "line": pa.array(log.line[rows]),
        "to_next": pa.array(to_next, mask=stretch.ends),
    }
    for name in ("sequence", "journey", "visit", "step", "is_open"):
        columns[name] = pa.array(getattr(stretch, name))
    for name, dictionary in dictionaries.items():
        columns[name] = _named(codes[name], dictionary)
    for name in _FOLLOWED:
        ahead = np.append(codes[name][1:], codes[name].dtype.type(MISSING))
        ahead[stretch.ends] = MISSING
        columns[f"next_{name}"] = _named(ahead, dictionaries[name])
    return pa.record_batch({name: columns[name] for name in order})


def _named(codes: Numbers, dictionary: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes == MISSING), dictionary)


def _keep_comments(draft: Draft, tallies: Tallies, stages: Sequence[str]) -> None:
    places = tallies.said_places()
    places["stage"] = _named(places["stage"], pa.array(stages, pa.string()))
    draft.take("said_places", pa.table(places))
    draft.execute(
        """CREATE TABLE kept.comments AS
        SELECT customer_key, sequence, timestamp, CAST(touchpoint AS touchpoint_name) AS touchpoint,
            CAST(stage AS stage_name) AS stage, score, score_kind, emotion, comment
        FROM said JOIN said_places USING (line, moment) ORDER BY customer_key, sequence"""
    )
    draft.execute("DROP TABLE said_places")


def _keep_customers(
    draft: Draft, tallies: Tallies, names: dict[str, list[str]], attributes: Sequence[Attribute]
) -> None:
    of_names = {"first_touchpoint": "touchpoint", "first_channel": "channel", "first_device": "device",
        "stage_reached": "stage"}  # fmt: skip
    columns = tallies.customers()
    for column, name in of_names.items():
        columns[column] = _named(columns[column], pa.array(names[name], pa.string()))
    columns["revenue"] = pa.array(columns["revenue"], from_pandas=True)
    draft.take("tallied", pa.table(columns))
    coded = "".join(f", CAST({column} AS {name}_name) AS {column}" for column, name in of_names.items())
    chosen = "".join(f", known.{quoted(attribute.name)}" for attribute in attributes)
    groups = "".join(_quartile_group(draft, attribute) for attribute in attributes if attribute.numeric)
    draft.execute(
        f"""CREATE TABLE kept.customers AS
        SELECT customer_key, customer_id, make_timestamp(first_us) AS first_timestamp,
            make_timestamp(last_us) AS last_timestamp, interactions, journeys, visits, tallied.revenue{coded}
            {chosen}{groups}
        FROM tallied JOIN keys USING (customer_key) LEFT JOIN attribute_values AS known USING (customer_id)
        ORDER BY customer_key"""
    )
    draft.execute("DROP TABLE tallied")


def _quartile_group(draft: Draft, attribute: Attribute) -> str:
    """Write the SQL column that names the quartile group of a numeric attribute, as in `18 – 29`."""
    column = quoted(attribute.name)
    [(cuts,)] = draft.rows(
        f"SELECT list_distinct(quantile_disc({column}, [0.25, 0.5, 0.75, 1.0])) FROM attribute_values"
    )
    if not cuts:
        return f", CAST(NULL AS VARCHAR) AS {quoted(attribute.group_column)}"
    cuts = sorted(cuts)
    written = _written_apart(cuts)
    labels = [f"≤ {written[0]}", *(f"{above} – {cut}" for above, cut in pairwise(written))]
    cases = [f"WHEN known.{column} <= {cut!r} THEN {literal(label)}" for cut, label in zip(cuts, labels, strict=True)]
    return f", CASE {' '.join(cases)} END AS {quoted(attribute.group_column)}"


def _written_apart(numbers: Sequence[float]) -> list[str]:
    """Write different numbers in ten significant digits, or in as many as tell them apart."""
    for digits in range(10, 18):
        written = [
            f"{number:.0f}" if number % 1 == 0 and abs(number) < 1e15 else f"{number:.{digits}g}" for number in numbers
        ]
        if len(set(written)) == len(written):
            break
    return written
