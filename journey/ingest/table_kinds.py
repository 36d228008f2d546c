"""What the rows of a table are, told by its columns: interactions, answers, customers, spend, or nothing of use."""

from __future__ import annotations

from collections.abc import Mapping as Given
from collections.abc import Sequence

from journey.ingest.aliases import ALIASES, is_called, normalised, rank
from journey.ingest.cells.profiles import Profile
from journey.ingest.mapping import Moment
from journey.ingest.recognise import Guess
from journey.ingest.spend import is_spend
from journey.language import _

#: In a table with fewer rows it proves nothing that no value comes again.
_FEW_ROWS = 20
_MOSTLY = 0.95
#: A table of customers may repeat some of them.
_MOSTLY_DISTINCT = 0.8
_MOST_TOPICS = 100
_FEWEST_WIDE = 3
_SURVEYS = frozenset(
    {"nps", "csat", "ces", "score", "rating", "stars", "satisfaction", "survey", "bewertung", "note", "sterne"}
)
_DATED = frozenset({"date", "time", "at", "on", "datum", "timestamp", "birthday", "updated", "created"})
_AUTHORS = frozenset(
    {"name", "author", "authorname", "username", "screenname", "handle", "reviewer", "reviewername", "nickname"}
)
_TOPICS = frozenset({"type", "subtype", "topic", "category", "subject", "area", "touchpoint", "survey", "theme"})


def kind_of_table(header: Sequence[str], columns: Sequence[Profile], found: Given[str, Guess]) -> str:
    """Tell what the rows of a table are.

    One row per customer: an id that no two rows share, and no time at which something was met. An answer: a score or
    a comment with its time, and nothing that says where it was given.
    """
    if is_spend(header):
        return "spend"
    held = {guess.role for guess in found.values()}
    touchpoint = next((each for each in columns if found[each.header].role == "touchpoint"), None)
    has_event = touchpoint is not None and _tells_events(touchpoint)
    has_time = "timestamp" in held
    customer = next((each for each in columns if found[each.header].role == "customer_id"), None)
    tells_answers = has_answers(columns, found)
    if (
        has_time
        and ("comment" in held or _is_survey(found))
        and (not has_event or (customer is None and tells_answers))
    ):
        return "feedback" if customer is None or tells_answers else "interactions"
    is_one_each = customer is not None and customer.n_distinct >= _MOSTLY_DISTINCT * max(1, customer.n_filled)
    if is_one_each and not (has_time and has_event):
        return "customers"
    return "interactions" if customer is not None or (has_time and has_event) else "unused"


def _is_survey(found: Given[str, Guess]) -> bool:
    """Tell a score that was asked for; a sentiment is worked out of what somebody did or wrote."""
    score = next((header for header, guess in found.items() if guess.role == "score"), "")
    return bool(_SURVEYS & set(normalised(score).split("_")))


def has_answers(columns: Sequence[Profile], found: Given[str, Guess]) -> bool:
    """Tell a table of answers: nearly every row has a score or a comment."""
    return any(
        found[each.header].role in ("score", "comment") and each.share_filled > 1 - _MOSTLY / 2 for each in columns
    )


def feedback_guesses(columns: Sequence[Profile], found: Given[str, Guess]) -> dict[str, Guess]:
    """Give a table of answers, where no column is called so, the author as the customer and the topic as touchpoint."""
    changed = {
        header: Guess("ignore", _("an answer names no touchpoint")) if guess.role == "touchpoint" else guess
        for header, guess in found.items()
    }
    filled = [each for each in columns if each.share_filled > _MOSTLY and not each.is_constant]
    if not any(guess.role in ("customer_id", "identity") for guess in changed.values()):
        author = next((each for each in filled if is_called(each.header, _AUTHORS)), None)
        if author is not None:
            changed[author.header] = Guess("customer_id", _("the author of the answer"))
    topic = next(
        (
            each
            for each in filled
            if changed[each.header].role in ("ignore", "attribute")
            and not (each.is_number or each.is_time or each.n_distinct > _MOST_TOPICS)
            and _TOPICS & set(normalised(each.header).split("_"))
        ),
        None,
    )
    if topic is not None:
        changed[topic.header] = Guess("touchpoint", _("what the answer is about"))
    return changed


def constant_touchpoint(kind: str, columns: Sequence[Profile], found: Given[str, Guess]) -> str | None:
    """Name what was met where no column does: the survey that was answered, or the purchase that was made."""
    by_role = {guess.role: header for header, guess in found.items()}
    if kind == "feedback":
        name = by_role.get("score", "").casefold()
        for word, touchpoint in (("nps", _("NPS survey")), ("csat", _("CSAT survey")), ("ces", _("Effort survey"))):
            if word in name:
                return touchpoint
        return _("Review") if any(word in name for word in ("star", "rating")) else _("Feedback")
    paid = next((each for each in columns if found[each.header].role == "revenue"), None)
    if kind == "interactions" and "touchpoint" not in by_role and paid is not None and _is_always_paid(paid):
        return _("Purchase")
    return None


def _is_always_paid(profile: Profile) -> bool:
    """Tell a column that holds an amount in nearly every row: each row is a purchase."""
    are_sums = all(any(digit in "123456789" for digit in example) for example in profile.examples)
    return profile.share_filled > _MOSTLY and are_sums


def wide_moments(columns: Sequence[Profile], found: Given[str, Guess]) -> tuple[Moment, ...]:
    """Tell the columns of times of a table with one row per customer, where they may be touchpoints.

    Columns that are called like a time anyway (`signed up on`, `last seen`) tell about the customer.
    """
    times = [
        each
        for each in columns
        if each.is_time and found[each.header].role in ("ignore", "timestamp") and not _is_dated(each.header)
    ]
    return tuple(Moment(each.header, each.header) for each in times) if len(times) >= _FEWEST_WIDE else ()


def _is_dated(header: str) -> bool:
    words = set(normalised(header).split("_"))
    return rank(header, ALIASES["timestamp"]) is not None or bool(words & _DATED)


def _tells_events(profile: Profile) -> bool:
    """Tell a column of events by its name; a weaker name, as `type` or `name`, also needs values that come again."""
    rating = rank(profile.header, ALIASES["touchpoint"])
    is_strong = rating is not None and rating < ALIASES["touchpoint"].index("type")
    return rating is not None and (is_strong or not profile.is_unique or profile.n_rows < _FEW_ROWS)
