"""From bytes to a dataset with the real reading, in a child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.errors import FileUnreadableError, JourneyError, MappingError
from journey.workspace import Upload, Workspace
from tests.workspace.stand_in import upload
from tests.workspace.test_workspace import leftovers


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def test_bytes_become_a_dataset_with_its_account(home: Workspace) -> None:
    steps: list[tuple[float, str]] = []
    uploads = [upload(home)]
    proposal = home.inspect(uploads, lambda share, what: steps.append((share, what)))
    assert proposal.recipe.mapping.column("customer_id") == "customer_id"
    assert proposal.tables[0].first_rows[0][0] == "a"
    info = home.keep(uploads, proposal.recipe, "Spring", lambda share, what: steps.append((share, what)))
    assert (info.customers, info.interactions) == (2, 3)
    assert steps
    assert all(0 <= share <= 1 for share, _what in steps)
    dataset = home.open(info.id)
    assert dataset.report["files"][0]["name"] == "log.csv"
    assert sorted(path.name for path in dataset.directory.iterdir()) == [
        "journey.duckdb", "recipe.yaml", "report.json", "set_aside.csv",
    ]  # fmt: skip
    dataset.engine.close()
    assert home.keep([upload(home)], proposal.recipe, "Again") == info
    assert not leftovers(home)


def test_errors_name_the_file_as_the_person_knows_it(home: Workspace) -> None:
    with pytest.raises(FileUnreadableError, match=r"“spring\.csv” is empty"):
        home.inspect([upload(home, b"", "spring.csv")])
    uploads = [upload(home, b"customer_id,touchpoint\na,see\nb,buy\na,buy\n")]
    proposal = home.inspect(uploads)
    with pytest.raises(MappingError, match="No column says when"):
        home.keep(uploads, proposal.recipe, "Spring")
    assert home.datasets() == []


def test_the_sample_company_is_imported_whole(home: Workspace) -> None:
    info = home.add_demo()
    dataset = home.open("demo")
    assert info.interactions == dataset.report["interactions"] == 42_146
    assert info.customers > 2_500
    assert {"country", "plan"} <= {attribute.label for attribute in dataset.facts.attributes}
    assert dataset.run(lambda each: each.table("spend").count().name("n").as_table()).column("n")[0].as_py() > 1_000
    dataset.engine.close()


def test_two_who_add_to_a_dataset_at_once_lose_nothing(home: Workspace) -> None:
    def month(number: int) -> list[Upload]:
        rows = "".join(f"u{day},2025-0{number}-0{day} 10:00,Homepage\n" for day in range(1, 9))
        return [upload(home, f"user_id,time,event\n{rows}".encode(), f"{number}.csv")]

    first, second, third = month(1), month(2), month(3)
    dataset = home.keep(first, home.inspect(first).recipe, "Months")
    proposals = [home.inspect(uploads, into=dataset.id) for uploads in (second, third)]
    home.keep(second, proposals[0].recipe, "Months", dataset_id=dataset.id)
    with pytest.raises(JourneyError, match="Others changed the dataset"):
        home.keep(third, proposals[1].recipe, "Months", dataset_id=dataset.id)
    again = home.inspect(third, into=dataset.id)
    assert home.keep(third, again.recipe, "Months", dataset_id=dataset.id).interactions == 24


def test_uploads_discarded_while_they_are_built_are_a_cancelled_import(home: Workspace) -> None:
    uploads = [upload(home)]
    recipe = home.inspect(uploads).recipe
    with pytest.raises(JourneyError, match="was cancelled"):
        home.keep(uploads, recipe, "Spring", lambda _share, _what: home.discard(uploads))
    assert home.datasets() == []
