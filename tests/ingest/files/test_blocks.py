"""Large files are read and staged in parts, side by side, and come out as they stand in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.engine import Draft
from journey.ingest.files.staging import stage_file
from journey.ingest.formats import read_text_table

N_ROWS = 400


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey.ingest.files.blocks._BLOCK_SIZE", 200)
    monkeypatch.setattr("journey.ingest.files.parts._PART_ROWS", 30)


def log_file(folder: Path, *, broken: tuple[int, ...] = ()) -> Path:
    """Write rows `a0,0`, `a1,1`, …; those in `broken` have a quote that is never closed."""
    rows = [f'"a{row},{row}' if row in broken else f"a{row},{row}" for row in range(N_ROWS)]
    path = folder / "log.csv"
    path.write_text("\n".join(["who,what", *rows]) + "\n", "utf-8")
    return path


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("broken", [(), (0,), (7, 8, 200), (N_ROWS - 1,), tuple(range(0, N_ROWS, 3))])
def test_every_row_is_there_once_with_its_line_whatever_stands_between_clean_blocks(
    tmp_path: Path, broken: tuple[int, ...]
) -> None:
    draft = Draft(tmp_path / "staged.duckdb")
    [staged] = stage_file(draft, "raw", log_file(tmp_path, broken=broken), "log.csv", tmp_path)
    rows = draft.rows(f"SELECT line, c0, c1 FROM {staged.table} ORDER BY line")  # noqa: S608
    draft.close()
    assert rows == [(row + 2, f"a{row}", str(row)) for row in range(N_ROWS)]


@pytest.mark.usefixtures("small_parts")
def test_the_order_of_the_file_is_kept(tmp_path: Path) -> None:
    _header, rows = read_text_table(log_file(tmp_path))
    assert rows == [[f"a{row}", str(row)] for row in range(N_ROWS)]


@pytest.mark.usefixtures("small_parts")
def test_a_large_table_lies_in_files_beside_the_draft_and_goes_with_it_unless_saved(tmp_path: Path) -> None:
    for is_saved in (False, True):
        draft = Draft(tmp_path / "staged.duckdb")
        [staged] = stage_file(draft, "raw", log_file(tmp_path), "log.csv", tmp_path)
        draft.rename(staged.table, "renamed")
        assert draft.folder is not None
        n_parts = len(list(draft.folder.glob("*.parquet")))
        if is_saved:
            draft.save()
        draft.close()
        assert n_parts > 1
        assert len(list(draft_folder(tmp_path))) == (n_parts if is_saved else 0)
    reader = Draft()
    reader.attach(tmp_path / "staged.duckdb", "staged")
    assert reader.rows("SELECT count(*) FROM staged.renamed") == [(N_ROWS,)]
    reader.close()


def draft_folder(folder: Path) -> list[Path]:
    return list((folder / "staged.duckdb.parts").glob("*"))


def test_what_is_dropped_before_saving_is_not_in_the_file(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "version.duckdb")
    draft.execute("CREATE TABLE worked_with AS SELECT 1 AS x")
    draft.execute("CREATE TABLE needed AS SELECT 2 AS x")
    draft.drop("worked_with")
    draft.save()
    draft.close()
    reader = Draft()
    reader.attach(tmp_path / "version.duckdb", "version")
    assert reader.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'version'") == [("needed",)]
    reader.close()
