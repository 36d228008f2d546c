"""The tables of a version once more, in plain SQL with windows: slow, and easy to check against the definitions."""

from __future__ import annotations

import pyarrow as pa

from journey.engine import Draft, literal
from journey.vocabulary import GOAL, SILENCE_DAYS, VISIT_GAP_MINUTES


def work_out_steps(draft: Draft) -> None:
    """Create `expected`: `steps` of `typed` and `touchpoint_stages`, names as texts, beside what was said."""
    pause = "timestamp - previous_timestamp"
    draft.execute(
        f"""CREATE TABLE expected AS WITH keys AS (
            SELECT customer_id, CAST(row_number() OVER (ORDER BY customer_id) AS INTEGER) AS customer_key
            FROM (SELECT DISTINCT customer_id FROM typed)
        ), owned AS (
            SELECT typed.* REPLACE (coalesce(typed.ownership, known.ownership) AS ownership)
            FROM typed LEFT JOIN channel_ownership AS known USING (channel)
        ), timed AS (
            SELECT *, coalesce(stage, before) = {literal(GOAL)} AS is_purchase
            FROM owned JOIN keys USING (customer_id) LEFT JOIN touchpoint_stages USING (touchpoint)
        ), ordered AS (
            SELECT *, CAST(row_number() OVER earlier AS INTEGER) AS sequence,
                lag(timestamp) OVER earlier AS previous_timestamp
            FROM timed WINDOW earlier AS (PARTITION BY customer_key ORDER BY timestamp, line, moment)
        ), placed AS (
            SELECT *,
                CAST(1 + sum(CASE WHEN {pause} > INTERVAL {SILENCE_DAYS} DAY THEN 1 ELSE 0 END)
                    OVER so_far AS INTEGER) AS journey,
                CAST(1 + sum(CASE WHEN {pause} >= INTERVAL {VISIT_GAP_MINUTES} MINUTE THEN 1 ELSE 0 END)
                    OVER so_far AS INTEGER) AS visit,
                sequence > min(CASE WHEN is_purchase THEN sequence END)
                    OVER (PARTITION BY customer_key) AS is_after_purchase
            FROM ordered
            WINDOW so_far AS (PARTITION BY customer_key ORDER BY sequence ROWS UNBOUNDED PRECEDING)
        ), numbered AS (
            SELECT * REPLACE (coalesce(stage, CASE WHEN is_after_purchase THEN after ELSE before END) AS stage)
            FROM placed
        )
        SELECT customer_key, customer_id, sequence, timestamp, touchpoint, channel, ownership, stage, device, campaign,
            emotion, revenue, journey, visit, CAST(row_number() OVER ahead AS INTEGER) AS step,
            max(timestamp) OVER whole > (SELECT max(timestamp) FROM numbered) - INTERVAL {SILENCE_DAYS} DAY AS is_open,
            lead(touchpoint) OVER ahead AS next_touchpoint, lead(channel) OVER ahead AS next_channel,
            lead(stage) OVER ahead AS next_stage, lead(device) OVER ahead AS next_device,
            lead(timestamp) OVER ahead AS next_timestamp,
            epoch_us(next_timestamp - timestamp) / 1e6 AS seconds_to_next, line,
            score, score_kind, comment
        FROM numbered
        WINDOW ahead AS (PARTITION BY customer_key, journey ORDER BY sequence),
            whole AS (PARTITION BY customer_key, journey)
        ORDER BY customer_key, sequence"""  # noqa: S608
    )


def customers(draft: Draft, stages: list[str]) -> pa.Table:
    """Work out `customers` of `expected`."""
    places = ", ".join(map(literal, stages)) or "''"
    return draft.arrow(
        f"""SELECT customer_key, any_value(customer_id) AS customer_id, min(timestamp) AS first_timestamp,
            max(timestamp) AS last_timestamp, CAST(count(*) AS INTEGER) AS interactions, max(journey) AS journeys,
            max(visit) AS visits, sum(revenue) AS revenue,
            any_value(touchpoint) FILTER (sequence = 1) AS first_touchpoint,
            any_value(channel) FILTER (sequence = 1) AS first_channel,
            any_value(device) FILTER (sequence = 1) AS first_device,
            arg_max(stage, list_position([{places}], stage)) AS stage_reached
        FROM expected GROUP BY customer_key ORDER BY customer_key"""  # noqa: S608
    )
