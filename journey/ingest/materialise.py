"""Typed interactions become the tables of a dataset version.

Everything the screens ask again and again is worked out here once: who met what in which order, which journey and
visit it belongs to, what followed it and how long that took. A plain group-by over `steps` then answers a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from journey.dataset import Attribute
from journey.engine import Draft, literal, quoted
from journey.vocabulary import GOAL, SILENCE_DAYS, VISIT_GAP_MINUTES

#: What `typed` must hold beside the attributes; the columns of `journey.vocabulary.STEPS` come from these.
TYPED_COLUMNS = (
    "customer_id", "timestamp", "touchpoint", "channel", "ownership", "stage", "device", "campaign",
    "emotion", "score", "score_kind", "comment", "revenue", "line",
)  # fmt: skip
_ENUMERATED = ("touchpoint", "channel", "ownership", "device")


def materialise(draft: Draft, stages: Sequence[str], attributes: Sequence[Attribute]) -> None:
    """Turn tables `typed`, `touchpoint_stages` and `attribute_values` into `steps`, `customers`, `comments`.

    `typed` holds `TYPED_COLUMNS`, one row per kept interaction, each with a line of its own; `touchpoint_stages`
    (touchpoint, before, after) names the stage of a touchpoint before and after the customer's first purchase;
    `attribute_values` has one row per customer_id and a column per attribute. `stages` are all stages in order. The
    inputs are dropped.
    """
    _enumerate(draft, stages)
    _number(draft)
    _follow(draft)
    _gather_customers(draft, attributes)
    draft.execute(
        """CREATE TABLE comments AS
        SELECT customer_key, sequence, timestamp, touchpoint, stage, score, score_kind, emotion, comment
        FROM numbered WHERE score IS NOT NULL OR comment IS NOT NULL ORDER BY customer_key, sequence"""
    )
    for table in ("typed", "touchpoint_stages", "attribute_values", "keys", "placed", "numbered"):
        draft.execute(f"DROP TABLE {table}")
    draft.execute("CREATE VIEW interactions AS SELECT * FROM steps")


def _enumerate(draft: Draft, stages: Sequence[str]) -> None:
    # Codes instead of texts make the group-bys of the screens two to three times faster.
    for column in _ENUMERATED:
        draft.execute(
            f"CREATE TYPE {column}_name AS ENUM "
            f"(SELECT DISTINCT {column} FROM typed WHERE {column} IS NOT NULL ORDER BY 1)"
        )
    names = ", ".join(literal(stage) for stage in stages) or "''"
    draft.execute(f"CREATE TYPE stage_name AS ENUM ({names})")


def _number(draft: Draft) -> None:
    """Give every interaction its customer key, sequence, stage, journey and visit."""
    draft.execute(
        """CREATE TABLE keys AS
        SELECT customer_id, CAST(row_number() OVER (ORDER BY customer_id) AS INTEGER) AS customer_key
        FROM (SELECT DISTINCT customer_id FROM typed)"""
    )
    # A window carries whole rows through its sort: narrow ones are ordered, the rest is joined to them.
    pause = "timestamp - previous_timestamp"
    draft.execute(
        f"""CREATE TABLE placed AS
        WITH timed AS (
            SELECT keys.customer_key, timestamp, line, coalesce(stage, before) = {literal(GOAL)} AS is_purchase
            FROM typed JOIN keys USING (customer_id) LEFT JOIN touchpoint_stages USING (touchpoint)
        ), ordered AS (
            SELECT customer_key, line, timestamp, is_purchase, CAST(row_number() OVER earlier AS INTEGER) AS sequence,
                lag(timestamp) OVER earlier AS previous_timestamp
            FROM timed WINDOW earlier AS (PARTITION BY customer_key ORDER BY timestamp, line)
        )
        SELECT customer_key, line, sequence,
            CAST(1 + sum(CASE WHEN {pause} > INTERVAL {SILENCE_DAYS} DAY THEN 1 ELSE 0 END)
                OVER so_far AS INTEGER) AS journey,
            CAST(1 + sum(CASE WHEN {pause} >= INTERVAL {VISIT_GAP_MINUTES} MINUTE THEN 1 ELSE 0 END)
                OVER so_far AS INTEGER) AS visit,
            sequence > min(CASE WHEN is_purchase THEN sequence END)
                OVER (PARTITION BY customer_key) AS is_after_purchase
        FROM ordered
        WINDOW so_far AS (PARTITION BY customer_key ORDER BY sequence ROWS UNBOUNDED PRECEDING)"""
    )
    draft.execute(
        """CREATE TABLE numbered AS
        SELECT customer_key, customer_id, sequence, timestamp,
            CAST(touchpoint AS touchpoint_name) AS touchpoint, CAST(channel AS channel_name) AS channel,
            CAST(ownership AS ownership_name) AS ownership,
            CAST(coalesce(stage, CASE WHEN is_after_purchase THEN after ELSE before END) AS stage_name) AS stage,
            CAST(device AS device_name) AS device, campaign, emotion, score, score_kind, comment, revenue, line,
            journey, visit
        FROM placed JOIN typed USING (line) LEFT JOIN touchpoint_stages USING (touchpoint)"""
    )


def _follow(draft: Draft) -> None:
    """Lay beside every interaction the one that follows it in its journey."""
    ahead = ", ".join(
        f"lead({column}) OVER ahead AS next_{column}"
        for column in ("touchpoint", "channel", "stage", "device", "timestamp")
    )
    draft.execute(
        f"""CREATE TABLE steps AS
        SELECT customer_key, customer_id, sequence, timestamp, touchpoint, channel, ownership, stage, device, campaign,
            emotion, revenue, journey, visit, CAST(row_number() OVER ahead AS INTEGER) AS step,
            max(timestamp) OVER whole > (SELECT max(timestamp) FROM numbered) - INTERVAL {SILENCE_DAYS} DAY AS is_open,
            {ahead}, epoch_us(next_timestamp - timestamp) / 1e6 AS seconds_to_next, line
        FROM numbered
        WINDOW ahead AS (PARTITION BY customer_key, journey ORDER BY sequence),
            whole AS (PARTITION BY customer_key, journey)
        ORDER BY customer_key, sequence"""
    )


def _gather_customers(draft: Draft, attributes: Sequence[Attribute]) -> None:
    chosen = "".join(f", known.{quoted(attribute.name)}" for attribute in attributes)
    groups = "".join(_quartile_group(draft, attribute) for attribute in attributes if attribute.numeric)
    draft.execute(
        f"""CREATE TABLE customers AS
        WITH summed AS (
            SELECT customer_key, any_value(customer_id) AS customer_id, min(timestamp) AS first_timestamp,
                max(timestamp) AS last_timestamp, CAST(count(*) AS INTEGER) AS interactions, max(journey) AS journeys,
                max(visit) AS visits, sum(revenue) AS revenue,
                any_value(touchpoint) FILTER (sequence = 1) AS first_touchpoint,
                any_value(channel) FILTER (sequence = 1) AS first_channel,
                any_value(device) FILTER (sequence = 1) AS first_device, max(stage) AS stage_reached
            FROM steps GROUP BY customer_key
        )
        SELECT summed.*{chosen}{groups}
        FROM summed LEFT JOIN attribute_values AS known USING (customer_id) ORDER BY customer_key"""
    )


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
