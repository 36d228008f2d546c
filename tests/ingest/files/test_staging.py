"""Files, frames and stacks in the draft."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from journey.engine import Draft
from journey.errors import FileUnreadableError
from journey.ingest.files.staging import StagedTable, examples_of, stack, stage_file, stage_frame
from journey.ingest.told import Note


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path / "draft.duckdb")


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def test_a_file_is_staged_with_its_lines_and_what_was_told(draft: Draft, tmp_path: Path) -> None:
    path = written(tmp_path, "log.csv", "who;when;what\nana;2024-03-01;Home\nben;2024-03-02\n")
    heard: list[int] = []
    [staged] = stage_file(draft, "raw", path, "log.csv", tmp_path, heard.append)
    assert (staged.name, staged.table, staged.header, staged.n_rows) == ("log.csv", "raw_0", ("who", "when", "what"), 2)
    assert draft.rows("SELECT line, ragged, c0, c1, c2 FROM raw_0 ORDER BY line") == [
        (2, None, "ana", "2024-03-01", "Home"),
        (3, None, "ben", "2024-03-02", ""),
    ]
    assert [note.code for note in staged.notes] == ["ROWS_PADDED"]
    assert staged.separator == ";"
    assert heard[-1] == 2


def test_tables_of_one_file_have_names_and_hashes_of_their_own(draft: Draft, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, "who,what\nana,Home\n")
        archive.writestr("c.csv", "who,what\n")
    first, second = stage_file(draft, "raw", tmp_path / "log.zip", "log.zip", tmp_path)
    assert (first.name, second.name) == ("log.zip – a.csv", "log.zip – b.csv")
    assert (first.table, second.table) == ("raw_0", "raw_1")
    assert first.sha256 != second.sha256
    assert first.notes[-1].code == "TABLE_EMPTY"
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_a_file_without_rows_is_refused(draft: Draft, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="no rows below it"):
        stage_file(draft, "raw", written(tmp_path, "log.csv", "who,what\n"), "log.csv", tmp_path)


def test_damage_found_while_reading_is_told_in_its_own_words(draft: Draft, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"who": [f"customer {n}" for n in range(500)]}), path, use_dictionary=False)
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\xff" * 64 + content[104:])
    with pytest.raises(FileUnreadableError, match="damaged or incomplete"):
        stage_file(draft, "raw", path, "log.parquet", tmp_path)


def test_rows_that_are_no_interactions_are_counted_beside_the_rows(draft: Draft, tmp_path: Path) -> None:
    rows = "".join(f"c{n},2024-03-0{n},Home,{n}\n" for n in range(1, 8))
    path = written(tmp_path, "log.csv", f"who,when,what,amount\n{rows}who,when,what,amount\n{rows}Total,,,56\n")
    [staged] = stage_file(draft, "raw", path, "log.csv", tmp_path)
    assert (staged.n_rows, staged.skipped) == (14, (("repeated_header", 1), ("totals", 1)))
    assert sorted(note.code for note in staged.notes) == ["FOOTER_SKIPPED", "HEADER_REPEATED"]


def test_what_is_known_of_a_table_survives_json(draft: Draft, tmp_path: Path) -> None:
    [staged] = stage_file(draft, "raw", written(tmp_path, "log.csv", "who;what\nana\nben;Cart\n"), "log.csv", tmp_path)
    assert StagedTable.from_dict(staged.to_dict()) == staged


def test_a_frame_is_written_as_text(draft: Draft) -> None:
    frame = pd.DataFrame({"who": [1001.0, None], "when": pd.to_datetime(["2024-03-01", "2024-03-02"], utc=True)})
    assert stage_frame(draft, "raw", frame, "the interactions").n_rows == 2
    assert draft.rows("SELECT line, c0, c1 FROM raw ORDER BY line") == [
        (2, "1001", "2024-03-01 00:00:00.000000Z"),
        (3, None, "2024-03-02 00:00:00.000000Z"),
    ]


def test_files_with_the_same_columns_are_stacked_in_the_same_order_however_they_come(tmp_path: Path) -> None:
    contents = ("who,what\nana,Home\nben,Cart\n", "what,who\nBuy,cleo\n")
    stacked = []
    for order in ((0, 1), (1, 0)):
        draft = Draft(tmp_path / f"draft{order[0]}.duckdb")
        parts = [
            stage_file(draft, f"file_{n}", written(tmp_path, f"{n}.csv", contents[n]), f"{n}.csv", tmp_path)[0]
            for n in order
        ]
        whole = stack(draft, "raw", parts)
        who, what = (int(whole.column(header)[1:]) for header in ("who", "what"))
        rows = draft.rows("SELECT line, c0, c1 FROM raw ORDER BY line")
        stacked.append([(whole.place_of(line), cells[who], cells[what]) for line, *cells in rows])
        assert whole.n_rows == 3
    assert stacked[0] == stacked[1]
    assert sorted(stacked[0]) == [
        (("0.csv", 2), "ana", "Home"),
        (("0.csv", 3), "ben", "Cart"),
        (("1.csv", 2), "cleo", "Buy"),
    ]


def test_a_stack_tells_once_what_holds_for_all_and_names_the_file_of_the_rest(draft: Draft, tmp_path: Path) -> None:
    for n, content in enumerate(("ana;x\n", "ben;y\n")):
        written(tmp_path, f"{n}.csv", f"who;what;why\n{content}cleo;Home;none\n")
    parts = [stage_file(draft, f"file_{n}", tmp_path / f"{n}.csv", f"{n}.csv", tmp_path)[0] for n in (0, 1)]
    assert parts[0].notes
    own = Note("OWN", "A sentence.")
    first = StagedTable(**(vars(parts[0]) | {"notes": (*parts[0].notes, own)}))
    notes = stack(draft, "raw", [first, parts[1]]).notes
    assert notes == (*parts[0].notes, Note("OWN", "0.csv: A sentence."))


def test_examples_are_filled_cells_cut_to_a_length(draft: Draft, tmp_path: Path) -> None:
    path = written(tmp_path, "log.csv", f"who,what\nana,{'x' * 80}\nben,\ncleo,Home\n")
    [staged] = stage_file(draft, "raw", path, "log.csv", tmp_path)
    assert sorted(examples_of(draft, staged, "what")) == ["Home", "x" * 60]
