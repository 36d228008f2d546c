"""The recipe: what each column stands for, readable, changeable, checked."""

from __future__ import annotations

import pytest

from journey.errors import ArgumentError, MappingError, UnknownNameError
from journey.ingest.mapping import Mapping

MAPPING = Mapping((("user", "customer_id"), ("when", "timestamp"), ("what", "touchpoint"), ("land", "attribute")))


def test_a_recipe_written_and_read_is_the_same() -> None:
    mapping = Mapping(
        (*MAPPING.roles, ("größe: “M”", "ignore")),
        time_zone="Europe/Bucharest",
        day_first=True,
        currency="EUR",
        stages=("a", "b"),
        touchpoint_stages=(("home", "a"),),
    )
    assert Mapping.from_yaml(mapping.to_yaml()) == mapping


def test_a_role_moves_from_one_column_to_another() -> None:
    changed = MAPPING.with_role("land", "customer_id")
    assert (changed.column("customer_id"), changed.role_of("user")) == ("land", "ignore")
    assert MAPPING.column("customer_id") == "user", "a mapping never changes"


def test_any_number_of_columns_may_be_attributes() -> None:
    assert MAPPING.with_role("what", "attribute").having("attribute") == ["what", "land"]


def test_a_role_given_again_changes_nothing() -> None:
    assert MAPPING.with_role("user", "customer_id") == MAPPING


def test_what_a_caller_says_is_laid_over_the_guess() -> None:
    changed = MAPPING.with_given({"channel": ["land", "what"], "currency": "RON", "touchpoint_stages": {"home": "a"}})
    assert changed.having("channel") == ["what", "land"]
    assert (changed.currency, changed.touchpoint_stages) == ("RON", (("home", "a"),))


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"customer_id": "User"}, UnknownNameError, "Did you mean “user”"),
        ({"customer": "user"}, ArgumentError, "“customer” is not possible for mapping"),
        ({"customer_id": ["user", "land"]}, ArgumentError, "user, land"),
        ({"time_zone": "Europe/Bukarest"}, UnknownNameError, "Did you mean “Europe/Bucharest”"),
        ({"duplicates": "maybe"}, ArgumentError, "“maybe” is not possible for duplicates"),
        ({"decimal_sign": ";"}, ArgumentError, "decimal_sign"),
        ({"score_kind": "marks"}, ArgumentError, "score_kind"),
        ({"stage_set": "other"}, ArgumentError, "stage_set"),
    ],
)
def test_a_wrong_word_is_named_with_what_is_possible(
    given: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        MAPPING.with_given(given)


def test_a_role_that_is_not_there_is_refused() -> None:
    with pytest.raises(ArgumentError, match="“owner”"):
        MAPPING.with_role("user", "owner")


@pytest.mark.parametrize("text", ["", "just words", "roles: 3", "roles: {}\ncolour: red", "roles: [", "- a\n- b"])
def test_what_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match="not a recipe"):
        Mapping.from_yaml(text)


@pytest.mark.parametrize("role", ["customer_id", "timestamp", "touchpoint"])
def test_who_when_and_what_are_needed(role: str) -> None:
    with pytest.raises(MappingError, match="No column says"):
        MAPPING.with_role(str(MAPPING.column(role)), "ignore").require_complete()
