"""Nothing that tells who a customer is gets into a shared document, however the document is read."""

from __future__ import annotations

import base64
import datetime
import gzip
import html
import json
import re

import pandas as pd
import pytest

import journey
from journey.analysis.personas import Personas
from journey.dataset import Dataset, Filters
from journey.errors import ArgumentError, JourneyError
from journey.reports.choices import Choices, Quote
from journey.reports.library import chart_library
from journey.reports.shared import Shared, shared
from journey.text.masking import masked
from tests.reports.canaries import Finder, People, canary_log, comment_of, people

KEY = b"k" * 32
MADE_AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
N_CANARIES = 10_000
#: As few as may ever be told, so that as much as may ever be told is.
LEAST = 5
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
#: What a sharer may pick; the last is as careless as can be.
SAMPLES: dict[str, tuple[str, ...]] = {
    "whole": (),
    "persona-period-plan": ("persona", "period", "plan"),
    "contact-note-city": ("contact", "note", "city"),
    "channel-device": ("channel", "device"),
}


@pytest.fixture(scope="module")
def known() -> People:
    return people()


@pytest.fixture(scope="module")
def finder(known: People) -> Finder:
    return Finder(known)


@pytest.fixture(scope="module")
def dataset(known: People) -> Dataset:
    return canary_log(known)


@pytest.fixture(scope="module")
def personas(dataset: Dataset) -> Personas:
    return journey.personas(dataset)


def quotes(known: People) -> tuple[Quote, ...]:
    """Comments picked by hand: they hold an address and a number, which are masked."""
    picked = [f"Call {known.phones[place]} or write to {known.emails[place]} about it" for place in (1, 2, 3)]
    return tuple(Quote(masked(comment), "buy", "checkout") for comment in picked)


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest, dataset: Dataset, personas: Personas, known: People) -> Shared:
    choices = Choices(
        "Board", datetime.date(2026, 3, 1), cuts=SAMPLES[request.param], least=LEAST, quotes=quotes(known)
    )
    return shared(dataset, personas, choices, KEY, made_at=MADE_AT)


def test_no_canary_is_in_a_shared_document(sample: Shared, finder: Finder, known: People) -> None:
    assert len(set(known.all)) == N_CANARIES
    assert finder.found(sample.document("linked")) == set()


def test_no_canary_is_in_the_file_of_a_shared_document(sample: Shared, finder: Finder) -> None:
    library = chart_library()[1]
    document = sample.document("embedded")
    assert library in document
    # The chart library is the same for everybody, and large enough to hold any eight letters by chance.
    assert finder.found(document.replace(library, b"")) == set()


def test_no_canary_is_in_what_is_kept_beside_a_document(sample: Shared, finder: Finder) -> None:
    assert finder.found(json.dumps(sample.choices.to_dict()).encode()) == set()
    assert finder.found(sample.policy.encode()) == set()


def test_a_document_holds_no_code_that_stands_for_a_customer(sample: Shared) -> None:
    """The app names customers by codes: one code in two documents would join what they tell."""
    codes = CODE.findall(sample.document("linked").decode())
    assert [code for code in codes if not code.replace("-", "").isdigit()] == []


def test_the_finder_finds_what_is_written_in_any_way(finder: Finder, known: People) -> None:
    email, phone, name, customer, remark = (
        known.emails[5], known.phones[5], known.names[5], known.ids[5], known.remarks[5],
    )  # fmt: skip
    written = [
        email.encode(),
        email.upper().encode(),
        html.escape(name).encode(),
        "".join(f"&#{ord(sign)};" for sign in name).encode(),
        json.dumps({"x": name}).encode(),
        "".join(f"\\u{ord(sign):04x}" for sign in remark).encode(),
        "".join(f"%{ord(sign):02x}" for sign in email).encode(),
        base64.b64encode(f"xx {customer} and more of it".encode()),
        base64.urlsafe_b64encode(f"{remark} and more of it".encode()),
        base64.b64encode(gzip.compress(comment_of(known, 5).encode())),
        base64.b64encode(remark.encode("utf-16-le")),
        phone.replace(" ", "").encode(),
        phone.replace(" ", "-").encode(),
        customer[:-2].encode(),
        remark[::-1].encode(),
    ]
    assert [place for place, each in enumerate(written) if not finder.found(b'{"a": "' + each + b'"}')] == []


def test_a_comment_that_still_tells_who_it_is_from_cannot_be_picked(known: People) -> None:
    for comment in (f"Write to {known.emails[1]}", f"Call {known.phones[1]}", comment_of(known, 1)):
        with pytest.raises(ArgumentError):
            Quote(comment)


# --- Filters that are forced stay forced: what happened to others in this way ------------------------------------


def windowed_log() -> Dataset:
    """Many customers of two countries; `old fair` was met only before June, `border desk` only in HU."""
    rows = [
        {
            "customer_id": f"c{customer}",
            "timestamp": pd.Timestamp("2025-02-01") + pd.Timedelta(days=150 * late + customer % 20, hours=turn),
            "touchpoint": touchpoint,
            "stage": stage,
            "comment": "zanthorquilt said so",
        }
        for customer in range(300)
        for late in (0, 1)
        for turn, (touchpoint, stage) in enumerate(
            [
                ("price page", "look"),
                ("spring meadow" if not late else "autumn leaves", "look"),
                ("border desk" if customer % 2 else "city desk", "buy"),
            ]
        )
    ]
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(300)],
            "country": [("RO", "HU")[place % 2] for place in range(300)],
        }
    )
    return journey.load(pd.DataFrame(rows), customers=customers, stages=["look", "buy"])


@pytest.fixture(scope="module")
def windowed() -> Dataset:
    return windowed_log()


def document_of(dataset: Dataset, filters: Filters, *cuts: str) -> str:
    choices = Choices("Board", datetime.date(2026, 3, 1), cuts=cuts, least=LEAST, filters=filters)
    return shared(dataset, None, choices, KEY, made_at=MADE_AT).document("linked").decode()


def test_cve_2026_21722_nothing_outside_the_time_range_is_in_the_document(windowed: Dataset) -> None:
    """Grafana, CVE-2026-21722: a locked time range was not applied to annotations."""
    told = document_of(windowed, Filters(start=datetime.date(2025, 6, 1)), "period")
    assert "autumn leaves" in told
    assert "spring meadow" not in told
    assert "zanthorquilt" not in told


def test_saiku_4_6_4_no_cut_widens_the_filter_of_the_sharer(windowed: Dataset) -> None:
    """Saiku 4.6.4: a filter of the viewer took the place of the one that was forced upon him."""
    told = document_of(windowed, Filters(attributes=(("country", ("RO",)),)), "country")
    assert "city desk" in told
    assert "border desk" not in told
    offered = told.partition('id="view"')[2].partition("</select>")[0]
    assert "HU" not in offered


def test_cve_2021_27907_markup_in_a_title_and_a_comment_is_text(windowed: Dataset) -> None:
    """Superset, CVE-2021-27907: markdown on a dashboard was stored and run for whoever looked at it."""
    bad = "<script>alert(1)</script>"
    choices = Choices(
        f"{bad} board", datetime.date(2026, 3, 1), least=LEAST, quotes=(Quote(f"{bad} said she", "buy", "city desk"),)
    )
    told = shared(windowed, None, choices, KEY, made_at=MADE_AT).document("linked").decode()
    assert bad not in told
    assert html.escape(bad) in told


def test_too_few_customers_are_not_shared(windowed: Dataset) -> None:
    few = Filters(start=datetime.date(2025, 12, 24))
    with pytest.raises(JourneyError):
        document_of(windowed, few)
