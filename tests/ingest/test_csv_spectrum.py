"""The twelve cases of csv-spectrum: what every reader of delimited text has to read exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey.ingest.formats import read_text_table

CASES = {
    "comma in quotes": (
        'first,last,address,city,zip\nJohn,Doe,120 any st.,"Anytown, WW",08123',
        ["first", "last", "address", "city", "zip"],
        [["John", "Doe", "120 any st.", "Anytown, WW", "08123"]],
    ),
    "empty": ('a,b,c\n1,"",""\n2,3,4', ["a", "b", "c"], [["1", "", ""], ["2", "3", "4"]]),
    "empty, crlf": ('a,b,c\r\n1,"",""\r\n2,3,4', ["a", "b", "c"], [["1", "", ""], ["2", "3", "4"]]),
    "escaped quotes": ('a,b\n1,"ha ""ha"" ha"\n3,4\n', ["a", "b"], [["1", 'ha "ha" ha'], ["3", "4"]]),
    "json": (
        'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
        ["key", "val"],
        [["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']],
    ),
    "location coordinates": (
        (
            "Contact Phone Number,Location Coordinates,Cities,Counties\n"
            "02095257564,37�36'37.8\"N 121�2'17.9\"W,Modesto,Stanislaus"
        ),
        ["Contact Phone Number", "Location Coordinates", "Cities", "Counties"],
        [["02095257564", "37�36'37.8\"N 121�2'17.9\"W", "Modesto", "Stanislaus"]],
    ),
    "newlines": (
        'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
        ["a", "b", "c"],
        [["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]],
    ),
    "newlines, crlf": (
        'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n',
        ["a", "b", "c"],
        [["1", "2", "3"], ["Once upon \r\na time", "5", "6"], ["7", "8", "9"]],
    ),
    "quotes and newlines": (
        'a,b\n1,"ha \n""ha"" \nha"\n3,4\n',
        ["a", "b"],
        [["1", 'ha \n"ha" \nha'], ["3", "4"]],
    ),
    "simple": ("a,b,c\n1,2,3\n", ["a", "b", "c"], [["1", "2", "3"]]),
    "simple, crlf": ("a,b,c\r\n1,2,3\r\n", ["a", "b", "c"], [["1", "2", "3"]]),
    "utf-8": ("a,b,c\n1,2,3\n4,5,ʤ", ["a", "b", "c"], [["1", "2", "3"], ["4", "5", "ʤ"]]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_csv_spectrum_is_read_exactly(tmp_path: Path, name: str) -> None:
    text, header, rows = CASES[name]
    path = tmp_path / "case.csv"
    path.write_bytes(text.encode())
    assert read_text_table(path) == (header, rows)


def test_twelve_cases_are_all() -> None:
    assert len(CASES) == 12
