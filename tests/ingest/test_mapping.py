"""What the columns of a table stand for: changeable, checked; and the recipe that holds it, readable and valid."""

from __future__ import annotations

import pytest

from journey.errors import ArgumentError, MappingError, UnknownNameError
from journey.ingest.identity.identities import Identity
from journey.ingest.mapping import Mapping, Moment
from journey.ingest.recipe import Recipe

MAPPING = Mapping((("user", "customer_id"), ("when", "timestamp"), ("what", "touchpoint"), ("land", "attribute")))
RECIPE = Recipe((MAPPING,))


def test_a_recipe_written_and_read_is_the_same() -> None:
    orders = Mapping(
        (("Created at", "ignore"), ("größe: “M”", "ignore"), ("mail", "identity")),
        table="orders.xlsx – 2025",
        day_first=True,
        moments=(Moment("Created at", "Order placed", carries=("revenue",)),),
    )
    recipe = Recipe(
        (MAPPING, orders),
        time_zone="Europe/Bucharest",
        currency="EUR",
        stages=("a", "b"),
        touchpoint_stages=(("home", ("a", "b")), ("ad", ("a", "a")), ("noise", (None, None))),
        touchpoint_groups=(("/product/*", "Product page"),),
        channel_names=(("fb", "Facebook"),),
        identity=Identity(not_ids=("till 4",), spaces=((("orders.xlsx – 2025", "mail"), "email"),)),
    )
    assert Recipe.from_yaml(recipe.to_yaml()) == recipe


def test_a_recipe_of_the_first_format_is_still_read() -> None:
    text = "format: 1\nroles: {user: customer_id, when: timestamp, what: touchpoint}\nday_first: true\nstages: [a, b]\n"
    recipe = Recipe.from_yaml(text)
    assert recipe.mapping.column("customer_id") == "user"
    assert (recipe.mapping.day_first, recipe.stages) == (True, ("a", "b"))


def test_a_recipe_finds_the_tables_of_next_month_by_their_columns() -> None:
    known = Recipe((MAPPING.with_role("land", "ignore"),), currency="EUR")
    tables = (
        Mapping((("mail", "customer_id"), ("country", "attribute")), table="people.csv", kind="customers"),
        Mapping((("What", "ignore"), ("User", "ignore"), ("When", "ignore"), ("new", "attribute")), table="june.csv"),
    )
    fitted = known.fitted(Recipe(tables))
    assert fitted.tables[0] == tables[0], "a table that the recipe does not know keeps its proposal"
    assert fitted.tables[1].roles == (
        ("What", "touchpoint"), ("User", "customer_id"), ("When", "timestamp"), ("new", "ignore"),
    )  # fmt: skip
    assert (fitted.tables[1].table, fitted.currency) == ("june.csv", "EUR")


def test_a_recipe_for_other_files_says_which_columns_it_misses() -> None:
    with pytest.raises(MappingError, match="user, what and when") as refused:
        RECIPE.fitted(Recipe((Mapping((("a", "ignore"),)),)))
    assert refused.value.code == "RECIPE"


def test_a_role_moves_from_one_column_to_another() -> None:
    changed = MAPPING.with_role("land", "customer_id")
    assert (changed.column("customer_id"), changed.role_of("user")) == ("land", "ignore")
    assert MAPPING.column("customer_id") == "user", "a mapping never changes"


def test_any_number_of_columns_may_be_attributes() -> None:
    assert MAPPING.with_role("what", "attribute").having("attribute") == ["what", "land"]


def test_a_role_given_again_changes_nothing() -> None:
    assert MAPPING.with_role("user", "customer_id") == MAPPING


def test_what_a_caller_says_is_laid_over_the_guess() -> None:
    changed = RECIPE.with_given({"channel": ["land", "what"], "currency": "RON", "touchpoint_stages": {"home": "a"}})
    assert changed.mapping.having("channel") == ["what", "land"]
    assert (changed.currency, changed.touchpoint_stages) == ("RON", (("home", ("a", "a")),))


def test_what_is_said_of_a_column_is_said_of_the_table_that_has_it() -> None:
    answers = Mapping((("mail", "customer_id"), ("answer", "ignore")), kind="feedback")
    changed = Recipe((answers, MAPPING)).with_given({"score": "answer", "score_kind": "nps"})
    assert changed.tables[0].column("score") == "answer"
    assert changed.mapping.score_kind == "nps"


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
        RECIPE.with_given(given)


def test_a_role_that_is_not_there_is_refused() -> None:
    with pytest.raises(ArgumentError, match="“owner”"):
        MAPPING.with_role("user", "owner")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the whole file"),
        ("just words", "the whole file"),
        ("format: 2\ntables: 3", "tables: 3 is not of type"),
        ("format: 2\ntables: [{columns: {a: owner}}]", "tables → 0 → columns → a: 'owner' is not one of"),
        ("format: 2\ntables: [{columns: {}}]\ncolour: red", "'colour' was unexpected"),
        ("roles: [", "while parsing"),
        ("- a\n- b", "the whole file"),
    ],
)
def test_what_is_no_recipe_is_refused_and_the_place_is_named(text: str, words: str) -> None:
    with pytest.raises(MappingError, match=words):
        Recipe.from_yaml(text)


@pytest.mark.parametrize("role", ["customer_id", "timestamp", "touchpoint"])
def test_who_when_and_what_are_needed(role: str) -> None:
    with pytest.raises(MappingError, match="No column says"):
        MAPPING.with_role(str(MAPPING.column(role)), "ignore").require_complete()
