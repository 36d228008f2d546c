"""The data check-up: what in the content of an import bends the analyses, each with its consequence."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from journey.engine import Draft
from journey.ingest.told import Note
from journey.language import _, day, listed, number, percent

FEWEST_CUSTOMERS: Final = 30
_MOST_TOUCHPOINTS: Final = 1_000
_ROBOT_SHARE: Final = 0.2
_BURST_SHARE: Final = 0.01
_FEWEST_IN_BURST: Final = 20
_TIED_SHARE: Final = 0.01
_REPEATED_SHARE: Final = 0.01
_REVERSED: Final = -0.9
#: Above so many rows, ties are counted among every 64th customer.
_COUNTED_ROWS: Final = 2_000_000
_EVERY: Final = 64
#: Heavy values are found by buckets: grouping by all values would cost as much as the whole cleaning.
_N_BUCKETS: Final = 65_536
#: A gap is so many times longer than the longest usual one, and at least so many days.
_GAP_TIMES, _SHORTEST_GAP_DAYS = 10, 7
_FEWEST_DAYS: Final = 30
_LONE_SHARE: Final = 0.01
_LONE_DAYS: Final = 365
_FEWEST_IN_HOUR: Final = 30
_DOUBLED: Final = 1.8
_NIGHT_HOURS: Final = (0, 1, 2, 3)
_WEEK: Final = datetime.timedelta(days=7)
_SUNDAY, _MARCH, _OCTOBER = 6, 3, 10


def notes_on_content(draft: Draft, stages: Sequence[str]) -> list[Note]:
    """Look for what bends the analyses in `typed` (and `touchpoint_stages`, where it is there); `stages` are all."""
    [(n_rows, n_touchpoints, has_clock, order)] = draft.rows(
        """SELECT count(*), approx_count_distinct(touchpoint),
            coalesce(bool_or(date_trunc('day', timestamp) <> timestamp), false), corr(line, epoch(timestamp))
        FROM typed"""
    )
    if not n_rows:
        return []
    n_by_day = dict(draft.rows("SELECT CAST(timestamp AS DATE) AS day, count(*) FROM typed GROUP BY 1 ORDER BY 1"))
    return [
        *_on_customers(draft, n_rows),
        *_on_touchpoints(draft, n_touchpoints),
        *_on_ties(draft, n_rows, has_clock=has_clock, is_reversed=order is not None and order < _REVERSED),
        *_on_days(n_by_day, n_rows),
        *(_on_bursts(draft, n_rows) if has_clock else ()),
        *(_on_changed_clocks(draft, n_by_day) if has_clock else ()),
        *_on_stages(draft, stages),
    ]


def _buckets(draft: Draft, column: str, least: float) -> tuple[int, list[int]]:
    """Count the buckets into which the values of a column fall, and find those of at least so many rows."""
    [(n_buckets, heavy)] = draft.rows(
        f"""SELECT count(*), coalesce(list(bucket) FILTER (n >= ?), [])
        FROM (SELECT hash({column}) % {_N_BUCKETS} AS bucket, count(*) AS n FROM typed GROUP BY 1)""",
        [least],
    )
    return n_buckets, heavy


def _heaviest(draft: Draft, column: str, least: float, buckets: Sequence[int]) -> tuple[Any, int] | None:
    """Find the value of a column that at least so many rows have, the first one where several are as frequent."""
    if not buckets:
        return None
    chosen = ", ".join(str(bucket) for bucket in buckets)
    found = draft.rows(
        f"""SELECT {column}, count(*) AS n FROM typed WHERE hash({column}) % {_N_BUCKETS} IN ({chosen})
        GROUP BY 1 HAVING n >= ? ORDER BY n DESC, 1 LIMIT 1""",
        [least],
    )
    return found[0] if found else None


def _on_customers(draft: Draft, n_rows: int) -> Iterator[Note]:
    least = _ROBOT_SHARE * n_rows
    n_few, buckets = _buckets(draft, "customer_id", least)
    if n_few < FEWEST_CUSTOMERS:
        [(n_few,)] = draft.rows("SELECT count(DISTINCT customer_id) FROM typed")
    if n_few < FEWEST_CUSTOMERS:
        text = _(
            "There are few customers ({n}): the map and the paths are shown, but personas, findings and comparisons "
            "need at least {least}."
        )
        yield Note("SMALL_DATA", text.format(n=number(n_few), least=number(FEWEST_CUSTOMERS)))
    # One repeated customer among the first rows settles it for nearly every file.
    repeated = "SELECT 1 FROM {} GROUP BY customer_id HAVING count(*) > 1 LIMIT 1"
    first = "(SELECT customer_id FROM typed LIMIT 50000)"
    if not (draft.rows(repeated.format(first)) or draft.rows(repeated.format("typed"))):
        text = _(
            "No customer has two interactions, so that there are no journeys, transitions or funnels. Is the customer "
            "column the right one?"
        )
        yield Note("NO_JOURNEYS", text)
    elif n_few > 1 and (found := _heaviest(draft, "customer_id", least, buckets)) is not None:
        text = _(
            "One customer has {share} of all interactions ({n}), as a robot or a shared account has. Transitions, "
            "frequent paths and medians are those of this customer; consider leaving it out."
        )
        if found[1] > 2 * n_rows / n_few:
            yield Note("OUTLIER_CUSTOMER", text.format(share=percent(found[1] / n_rows), n=number(found[1])))


def _on_touchpoints(draft: Draft, n_about: int) -> Iterator[Note]:
    if n_about < _MOST_TOUCHPOINTS * 0.9:
        return
    [(n_touchpoints,)] = draft.rows("SELECT count(DISTINCT touchpoint) FROM typed")
    if n_touchpoints > _MOST_TOUCHPOINTS:
        text = _(
            "There are {n} different touchpoints. Flows show the most frequent ones and put the rest together; group "
            "touchpoints (as /product/* into “Product page”) to see more."
        )
        yield Note("HIGH_CARDINALITY", text.format(n=number(n_touchpoints)))


def _on_ties(draft: Draft, n_rows: int, *, has_clock: bool, is_reversed: bool) -> Iterator[Note]:
    some = f"WHERE hash(customer_id) % {_EVERY} = 0" if n_rows > _COUNTED_ROWS else ""
    [(n_seen, n_tied, n_repeated)] = draft.rows(
        f"""WITH moments AS (
            SELECT customer_id, timestamp, touchpoint, count(*) AS n FROM typed {some} GROUP BY ALL
        ), tied AS (SELECT sum(n) AS n_rows, sum(n - 1) AS n_repeated FROM moments GROUP BY customer_id, timestamp)
        SELECT coalesce(sum(n_rows), 0), coalesce(sum(n_rows) FILTER (n_rows > 1), 0), coalesce(sum(n_repeated), 0)
        FROM tied"""
    )
    share = n_tied / n_seen if n_seen else 0.0
    if share > _TIED_SHARE or (n_tied and not has_clock):
        why = _("No time of day: ") if not has_clock else ""
        text = _(
            "{why}{share} of the interactions have the same time as another of their customer. They keep the order of "
            "the file, and times between them are shown as 0."
        )
        yield Note("TIES", text.format(why=why, share=percent(share)))
        if is_reversed:
            text = _(
                "The file has its newest rows first. Interactions at the same time keep the order of the file, which "
                "is probably backwards: sort the file by time, oldest first."
            )
            yield Note("FILE_REVERSED", text)
    if has_clock and n_seen and n_repeated / n_seen > _REPEATED_SHARE:
        text = _(
            "{share} of the interactions repeat one of the same customer at the same touchpoint and time, as double "
            "tracking does. Counts of interactions, loops and transitions to oneself are too high."
        )
        yield Note("DUPLICATE_BURSTS", text.format(share=percent(n_repeated / n_seen)))


def _on_days(n_by_day: dict[datetime.date, int], n_rows: int) -> Iterator[Note]:
    days = list(n_by_day)
    lone = _lone_days(days, n_by_day, n_rows)
    if lone:
        text = _(
            "Interactions that lie more than a year apart from the bulk ({first} to {last}): {n}. They stretch the "
            "period, and the time to convert and the retention of these customers are not to be believed."
        )
        bulk = [each for each in days if each not in lone]
        n_lone = sum(n_by_day[each] for each in lone)
        yield Note("CLOCK_JUMP", text.format(first=day(bulk[0]), last=day(bulk[-1]), n=number(n_lone)))
    days = [each for each in days if each not in lone]
    if len(days) < _FEWEST_DAYS:
        return
    pauses = sorted((later - earlier).days for earlier, later in pairwise(days))
    usual = pauses[int(0.95 * (len(pauses) - 1))]
    least = max(_SHORTEST_GAP_DAYS, _GAP_TIMES * usual)
    gaps = [(one, two) for one, two in pairwise(days) if (two - one).days > least]
    if gaps:
        shown = [
            _("{first} to {last}").format(first=day(one + datetime.timedelta(1)), last=day(two - datetime.timedelta(1)))
            for one, two in gaps
        ]
        text = _(
            "There is no interaction at all in {gaps}. If data are missing there, journeys that cross it are cut in "
            "two, and the funnel's time to convert and the retention around it are wrong."
        )
        yield Note("TIME_GAP", text.format(gaps=listed(shown, at_most=3)))


def _lone_days(days: Sequence[datetime.date], n_by_day: dict[datetime.date, int], n_rows: int) -> set[datetime.date]:
    """Find the few days at either end that a year without any interaction parts from the bulk."""
    lone: set[datetime.date] = set()
    for ordered in (days, days[::-1]):
        seen: list[datetime.date] = []
        for one, two in pairwise(ordered):
            seen.append(one)
            if sum(n_by_day[each] for each in seen) > _LONE_SHARE * n_rows:
                break
            if abs((two - one).days) > _LONE_DAYS:
                lone.update(seen)
    return lone


def _on_bursts(draft: Draft, n_rows: int) -> Iterator[Note]:
    least = max(_FEWEST_IN_BURST, _BURST_SHARE * n_rows)
    found = _heaviest(draft, "timestamp", least, _buckets(draft, "timestamp", least)[1])
    if found is None:
        return
    moment, n_same = found
    [(n_customers,)] = draft.rows("SELECT count(DISTINCT customer_id) FROM typed WHERE timestamp = ?", [moment])
    if n_customers >= _FEWEST_IN_BURST:
        text = _(
            "{share} of the interactions have the very same time ({moment}), as an import or a default value makes it. "
            "Times to and from them, and the retention of that day, say nothing."
        )
        shown = f"{day(moment)} {moment:%H:%M:%S}"
        yield Note("TIME_BURST", text.format(share=percent(n_same / n_rows, 1), moment=shown))


def _on_changed_clocks(draft: Draft, n_by_day: dict[datetime.date, int]) -> Iterator[Note]:
    """Look at the nights in which clocks change: an hour without rows, or with twice as many, shows local times."""
    if not n_by_day:
        return
    years = range(min(n_by_day).year, max(n_by_day).year + 1)
    nights = [
        night for year in years for night in _clock_changes(year) if {night - _WEEK, night + _WEEK} <= set(n_by_day)
    ]
    if not nights:
        return
    asked = sorted({each for night in nights for each in (night - _WEEK, night, night + _WEEK)})
    first_hours = f"hour(timestamp) <= {max(_NIGHT_HOURS)}"
    counted = draft.rows(
        f"""SELECT CAST(timestamp AS DATE) AS day, hour(timestamp), count(*) FROM typed
        WHERE {first_hours} AND CAST(timestamp AS DATE) IN (SELECT unnest(?)) GROUP BY 1, 2""",
        [asked],
    )
    n_by_hour = {(each, hour): n for each, hour, n in counted}
    for night in nights:
        for hour in _NIGHT_HOURS:
            around = [n_by_hour.get((each, hour), 0) for each in (night - _WEEK, night + _WEEK)]
            n_here = n_by_hour.get((night, hour), 0)
            if min(around) < _FEWEST_IN_HOUR or 0 < n_here < _DOUBLED * max(around):
                continue
            what = _("has no interaction") if not n_here else _("has twice as many interactions as usual")
            text = _(
                "The hour from {hour}:00 on {day}, when clocks change, {what}: the times seem to be local ones. "
                "Durations across that night are an hour wrong; name the time zone of the file."
            )
            yield Note("CLOCK_CHANGE", text.format(hour=hour, day=day(night), what=what))
            return


def _clock_changes(year: int) -> Iterator[datetime.date]:
    """Name the Sundays on which clocks change in Europe and in North America."""
    for month in (_MARCH, _OCTOBER):
        last = datetime.date(year, month, 31)
        yield last - datetime.timedelta(days=(last.weekday() - _SUNDAY) % 7)
    for month, place in ((_MARCH, 2), (_OCTOBER + 1, 1)):
        first = datetime.date(year, month, 1)
        yield first + datetime.timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (place - 1))


def _on_stages(draft: Draft, stages: Sequence[str]) -> Iterator[Note]:
    reached = {stage for (stage,) in draft.rows("SELECT DISTINCT stage FROM typed WHERE stage IS NOT NULL")}
    [(has_table,)] = draft.rows("SELECT count(*) > 0 FROM duckdb_tables() WHERE table_name = 'touchpoint_stages'")
    if has_table:
        named = "SELECT unnest([before, after]) FROM touchpoint_stages"
        reached |= {stage for (stage,) in draft.rows(f"SELECT DISTINCT * FROM ({named})") if stage is not None}
    missing = [stage for stage in stages if stage not in reached]
    if missing and reached:
        text = _(
            "Nobody reaches {stages}. A funnel with such a stage ends before it, and the map shows it empty; choose "
            "other stages, or say which touchpoints belong to it."
        )
        yield Note("STAGE_EMPTY", text.format(stages=listed([f"“{stage}”" for stage in missing])))
