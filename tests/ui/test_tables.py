"""What leaves a table as CSV can be opened in a spreadsheet without surprises."""

from __future__ import annotations

import pandas as pd

from journey.ui.tables import comma_separated


def test_a_text_that_looks_like_a_formula_gets_an_apostrophe() -> None:
    table = pd.DataFrame({"path": ["=1+1", "@cmd", "home"], "customers": [1, 2, 3], "change": [-0.5, 0.0, 1.0]})
    lines = comma_separated(table).decode("utf-8-sig").splitlines()
    assert lines == ["path,customers,change", "'=1+1,1,-0.5", "'@cmd,2,0.0", "home,3,1.0"]
