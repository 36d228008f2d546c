"""The repository as people find it: reasons given, no machine's paths, nothing heavy, readable colours."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 2 * MEGABYTE
MAX_SAMPLE_BYTES = 6 * MEGABYTE

#: Files that may be larger, each with its reason.
LARGE_FILES: dict[str, str] = {
    "sample_data/interactions.csv": "a year of the sample company, readable without unpacking"
}

# Written in pieces, so that this file does not name what it forbids.
MACHINE_PATHS = [re.compile(rf"(?<![\w.$}}])/{home}/\w") for home in ("work", "root")]
REGISTRIES = [
    ".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
]

CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")

#: Share of the text colour that Streamlit mixes into a caption.
CAPTION_SHARE = 0.6
READABLE, VISIBLE = 4.5, 3.0
N_CHART_COLOURS = 8


@cache
def files() -> list[Path]:
    """Every file git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return sorted(path for name in set(listed.split("\0")) - {""} if (path := ROOT / name).is_file())


def lines_of_text() -> list[tuple[str, str]]:
    """Place and content of every line of every text file."""
    found = []
    for path in files():
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            found.append((f"{path.relative_to(ROOT)}:{number}", line))
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_requirement_has_a_range_and_a_reason(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for line in lines:
        requirement, _, reason = line.partition(" #")
        assert re.search(r"[=<]=?\d|^-r ", requirement), f"{line!r} leaves the next release to chance"
        assert len(reason.split()) >= 3, f"{line!r} does not say why"


def test_no_machine_path_is_written_down() -> None:
    assert [place for place, line in lines_of_text() if any(path.search(line) for path in MACHINE_PATHS)] == []


def test_no_package_registry_is_named() -> None:
    assert [place for place, line in lines_of_text() if any(host in line for host in REGISTRIES)] == []


def test_no_file_is_heavy_without_a_reason() -> None:
    heavy = {str(path.relative_to(ROOT)) for path in files() if path.stat().st_size > MAX_FILE_BYTES}
    assert heavy <= set(LARGE_FILES)


def test_the_sample_data_stay_small() -> None:
    sizes = [path.stat().st_size for path in files() if path.is_relative_to(ROOT / "sample_data")]
    assert 0 < sum(sizes) <= MAX_SAMPLE_BYTES


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *releases = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert first == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", release) for release in releases)
    numbers = [tuple(map(int, VERSION.findall(release)[0])) for release in releases]
    assert all(newer > older for newer, older in pairwise(numbers))
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= CHANGES


def test_the_package_says_the_version_of_the_project() -> None:
    import journey

    assert journey.__version__ == settings("pyproject.toml")["project"]["version"]


def test_ci_can_be_started() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("part", ["main", "sidebar"])
def test_texts_and_links_are_readable(scheme: str, part: str) -> None:
    theme = colours(scheme, part)
    for behind in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], behind) >= READABLE
        assert contrast(theme["linkColor"], behind) >= READABLE
        assert contrast(theme["primaryColor"], behind) >= VISIBLE
    caption = mixed(theme["textColor"], theme["backgroundColor"], CAPTION_SHARE)
    assert contrast(caption, theme["backgroundColor"]) >= READABLE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_white_text_of_a_primary_button_is_readable(scheme: str) -> None:
    assert contrast("#ffffff", colours(scheme, "main")["primaryColor"]) >= READABLE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chart_colours_stand_out_from_the_page(scheme: str) -> None:
    theme = colours(scheme, "main")
    assert len(set(theme["chartCategoricalColors"])) == N_CHART_COLOURS
    for colour in theme["chartCategoricalColors"]:
        assert contrast(colour, theme["backgroundColor"]) >= VISIBLE, colour


def settings(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def colours(scheme: str, part: str) -> dict[str, Any]:
    theme: dict[str, Any] = settings(".streamlit/config.toml")["theme"][scheme]
    return theme | (theme["sidebar"] if part == "sidebar" else {})


def channels(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def mixed(colour: str, behind: str, share: float) -> str:
    parts = [share * front + (1 - share) * back for front, back in zip(channels(colour), channels(behind), strict=True)]
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
