from __future__ import annotations

import html

from journey.charts.escaping import html_text, plotly_text

HOSTILE = "<b>x</b> ![i](http://127.0.0.1:9/i.png) $5"


def test_html_text_is_read_back_letter_by_letter() -> None:
    assert "<" not in html_text(HOSTILE)
    assert html.unescape(html_text(HOSTILE)) == HOSTILE


def test_html_text_cannot_leave_an_attribute() -> None:
    assert '"' not in html_text('" onmouseover="alert(1)')
    assert "'" not in html_text("' onmouseover='alert(1)")


def test_plotly_text_holds_no_tag_and_no_template() -> None:
    written = plotly_text(HOSTILE + " %{y} <a href='javascript:1'>")
    assert "<" not in written
    assert "%{" not in written
    assert html.unescape(written) == HOSTILE + " %{y} <a href='javascript:1'>"


def test_control_characters_become_spaces() -> None:
    assert html_text("a\x00b\x1bc") == "a b c"
