"""A recipe decides what becomes of the tables, and is believed only where it fits them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import journey
from journey.errors import MappingError
from journey.ingest.identity.identities import Identity
from journey.ingest.load import build, inspect
from journey.ingest.mapping import Mapping
from journey.ingest.recipe import Recipe

VISITS = "user_id,time,event\n" + "".join(f"u{day},2025-01-0{day} 10:00,Homepage\n" for day in range(1, 9))
CUSTOMERS = "user_id,plan\n" + "".join(f"u{day},{'pro' if day % 2 else 'free'}\n" for day in range(1, 9))
SPEND = "date,channel,cost\n2025-01-01,Email,5\n2025-01-02,Email,7\n"


def files(folder: Path, **texts: str) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text)
    return paths


def proposed(folder: Path, paths: list[Path]) -> Recipe:
    scratch = folder / "scratch"
    scratch.mkdir()
    return inspect(paths, scratch).recipe


def test_a_table_that_is_not_taken_is_not_used_whatever_it_holds(tmp_path: Path) -> None:
    paths = files(tmp_path, visits=VISITS, customers=CUSTOMERS, spend=SPEND)
    recipe = proposed(tmp_path, paths)
    left_out = tuple(table if table.kind == "interactions" else replace(table, taken=False) for table in recipe.tables)
    dataset = journey.load(paths, mapping=replace(recipe, tables=left_out))
    assert dataset.table("spend").count().to_pyarrow().as_py() == 0
    assert "plan" not in dataset.table("customers").columns
    assert dict(dataset.report["skipped"]) == {"unused": 10}
    assert dataset.report["rows_kept"] == 8


@pytest.mark.parametrize("change", ["another table", "another column", "an earlier version"])
def test_a_recipe_that_does_not_fit_the_tables_is_refused(change: str, tmp_path: Path) -> None:
    paths = files(tmp_path, visits=VISITS)
    [table] = proposed(tmp_path, paths).tables
    tables = {
        "another table": (table, table),
        "another column": (replace(table, roles=(*table.roles, ("nope", "attribute"))),),
        "an earlier version": (replace(table, export="earlier_version"),),
    }[change]
    with pytest.raises(MappingError, match="The recipe speaks of other columns"):
        build(tmp_path / "scratch", Recipe(tables), tmp_path)


def test_what_was_decided_about_ids_goes_with_the_table_to_next_months_file() -> None:
    roles = (("user", "customer_id"), ("card", "identity"), ("when", "timestamp"), ("what", "touchpoint"))
    may = Recipe((Mapping(roles, table="may.csv"),), identity=Identity(spaces=((("may.csv", "card"), "user"),)))
    june = may.fitted(Recipe((Mapping(roles, table="june.csv"),)))
    assert june.identity.spaces == ((("june.csv", "card"), "user"),)


@pytest.mark.parametrize(
    "text",
    ["when: 2025-13-45\n", "[" * 3000, "format: 2\nx: " + "9" * 5000, "a: &a [x]\nformat: 2\ntables: [*a, *a]\n"],
    ids=["no such day", "brackets", "digits", "aliases"],
)
def test_a_hostile_recipe_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match="This is not a recipe"):
        Recipe.from_yaml(text)


def test_what_belongs_to_nobody_is_no_customer_though_no_ids_are_joined(tmp_path: Path) -> None:
    [path] = files(tmp_path, visits=VISITS)
    recipe = replace(proposed(tmp_path, [path]), identity=Identity(not_ids=("U1",)))
    report = journey.load(path, mapping=recipe).report
    assert dict(report["set_aside"]) == {"no_customer": 1}
    assert report["customers"] == 7


def test_the_column_of_costs_that_a_person_chose_is_taken(tmp_path: Path) -> None:
    spend = "date,channel,cost,budget\n2025-01-01,Email,5,100\n2025-01-02,Email,7,100\n"
    paths = files(tmp_path, visits=VISITS, spend=spend)
    recipe = proposed(tmp_path, paths)
    tables = tuple(each.with_role("budget", "cost") if each.kind == "spend" else each for each in recipe.tables)
    dataset = journey.load(paths, mapping=replace(recipe, tables=tables))
    assert dataset.table("spend").cost.sum().to_pyarrow().as_py() == 200


def test_columns_of_nearly_the_same_name_are_two_attributes(tmp_path: Path) -> None:
    customers = "user_id,plan type,plan-type\n" + "".join(f"u{day},old,new\n" for day in range(1, 9))
    dataset = journey.load(files(tmp_path, visits=VISITS, customers=customers))
    told = dataset.table("customers").select("plan_type", "plan_type_2").distinct().to_pyarrow().to_pylist()
    assert told == [{"plan_type": "old", "plan_type_2": "new"}]
