"""Ids become customers: joined where rows prove it, left apart where they do not, and told either way."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from journey.engine import Draft
from journey.ingest.identity.id_spaces import spaces
from journey.ingest.identity.identities import IdColumn, Identity
from journey.ingest.identity.identity_counts import Stitched
from journey.ingest.identity.identity_graph import AMBIGUOUS, GLUES, Nodes, Rule, glued
from journey.ingest.identity.stitch import customer_of_row, stitch

SAMPLE = Path(__file__).resolve().parents[3] / "sample_data"

Row = Sequence[str | None]


class Import:
    """Tables of ids as they stand in a draft: the first column of each is the customer's."""

    def __init__(self, **tables: list[Row]) -> None:
        self.draft = Draft()
        self.columns: list[IdColumn] = []
        for number, (name, (header, *rows)) in enumerate(tables.items()):
            cells = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            names = [f"c{position}" for position in range(len(cells))]
            self.draft.take(f"raw_{number}", pa.table(cells, names=names))
            self.columns += [
                IdColumn(f"raw_{number}", f"{name}.csv", str(title), f"c{place}", place == 0)
                for place, title in enumerate(header)
            ]

    def stitched(self, identity: Identity | None = None) -> Stitched:
        self.identity = identity or Identity()
        self.spaces = spaces(self.draft, self.columns, dict(self.identity.spaces))
        found = stitch(self.draft, self.columns, self.spaces, self.identity)
        assert found is not None
        return found

    def added_to(self, earlier: Import) -> Stitched:
        """Stitch with what an earlier import joined and kept apart; rows of `before` hold its customers."""
        self.draft.take("people_before", earlier.draft.arrow("FROM people"))
        self.identity, given = Identity(), {("before.csv", "customer"): "earlier"}
        self.spaces = spaces(self.draft, self.columns, given)
        found = stitch(self.draft, self.columns, self.spaces, self.identity, "people_before")
        assert found is not None
        return found

    def groups(self) -> set[frozenset[str]]:
        """The ids of each customer with more than one."""
        rows = self.draft.rows("SELECT customer_id, list(id) FROM people GROUP BY 1 HAVING count(DISTINCT id) > 1")
        return {frozenset(ids) for _customer, ids in rows}

    def customers(self, table: str) -> list[str | None]:
        """The customer of each row of a table, in the order of its rows."""
        columns = [each for each in self.columns if each.table_name == f"{table}.csv"]
        customer, joins = customer_of_row(columns, self.spaces, self.identity)
        table_in_order = f"(SELECT *, rowid AS place FROM {columns[0].table}) AS raw"  # noqa: S608
        rows = self.draft.rows(f"SELECT {customer} FROM {table_in_order} {joins} ORDER BY place")  # noqa: S608
        return [row[0] for row in rows]


def conflicts(found: Stitched) -> dict[tuple[str, str], tuple[int, int]]:
    return {(each.reason, each.space): (each.n_ids, each.n_rows) for each in found.conflicts}


# --- What is joined ----------------------------------------------------------------------------------------------


def test_rows_before_a_login_belong_to_who_logs_in_later() -> None:
    log = Import(events=[("user_id", "anonymous_id"), (None, "cookie-1"), ("U-1", "cookie-1"), (None, "cookie-2")])
    found = log.stitched()
    assert log.customers("events") == ["U-1", "U-1", "cookie-2"]
    assert (found.n_customers_before, found.n_customers) == (3, 2)


def test_an_email_leads_from_one_file_to_another_in_any_spelling() -> None:
    log = Import(
        contacts=[("Email", "User ID"), ("Ana@Example.com ", "U-1"), ("bo@example.com", "U-2")],
        tickets=[("Requester email",), (" ana@example.com",), ("cy@example.com",)],
        events=[("user_id",), ("U-1",), ("U-2",), ("U-2",)],
    )
    found = log.stitched()
    assert log.customers("tickets") == ["U-1", "cy@example.com"]
    assert [(each.table, each.other, each.n_customers, each.n_found) for each in found.matches] == [
        ("contacts.csv", "events.csv", 2, 2),
        ("contacts.csv", "tickets.csv", 2, 1),
        ("events.csv", "tickets.csv", 2, 1),
    ]
    texts = [note.text for note in found.notes() if note.code == "IDENTITY_MATCH"]
    assert texts[2] == "1 of 2 customers of events.csv were found in tickets.csv (50 %)."


def test_a_column_that_holds_the_cookie_until_the_customer_is_known_does_not_make_the_cookie_a_customer() -> None:
    log = Import(
        events=[
            ("customer_id", "anonymous_id"), ("a-7k3m2x", "a-7k3m2x"), ("C-0001", "a-7k3m2x"), ("a-9q2w8e", "a-9q2w8e"),
        ]
    )  # fmt: skip
    found = log.stitched()
    assert log.customers("events") == ["C-0001", "C-0001", "a-9q2w8e"]
    assert found.n_customers == 2


def test_the_same_holds_when_the_two_never_stand_in_one_row() -> None:
    log = Import(
        events=[("distinct_id", "$device_id"), ("a-7k3m2x", "dev-aaaa"), ("user-0001", "dev-bbbb")],
        people=[("user_id", "email"), ("user-0001", "ana@example.com")],
    )
    log.stitched()
    assert log.customers("events") == ["a-7k3m2x", "user-0001"]
    assert frozenset({"user-0001", "ana@example.com", "dev-bbbb"}) in log.groups()


def test_two_accounts_with_one_email_are_one_customer() -> None:
    log = Import(contacts=[("user_id", "email"), ("U-2", "ana@example.com"), ("U-1", "ANA@example.com")])
    log.stitched()
    assert log.customers("contacts") == ["U-1", "U-1"]


def test_an_order_leads_from_the_cookie_to_the_email() -> None:
    log = Import(
        events=[("anonymous_id", "order_id"), ("cookie-1", None), ("cookie-1", "1001")],
        orders=[("email", "Order ID"), ("ana@example.com", "1001")],
    )
    found = log.stitched()
    assert log.customers("events") == ["ana@example.com", "ana@example.com"]
    assert found.n_bridged == 1


# --- What is left apart ------------------------------------------------------------------------------------------


def test_a_shared_device_joins_nobody_and_its_rows_stay_a_customer_of_their_own() -> None:
    log = Import(events=[("user_id", "device_id"), ("U-1", "dev-1"), ("U-2", "dev-1"), (None, "dev-1")])
    found = log.stitched()
    assert log.customers("events") == ["U-1", "U-2", "dev-1"]
    assert conflicts(found) == {("ambiguous", "device"): (1, 1)}


@pytest.mark.parametrize(
    "nobody", ["null", "NULL", "undefined", "guest", "0", "-1", "n/a", "00000000-0000-0000-0000-000000000000", "test"]
)
def test_a_word_for_nobody_joins_nobody(nobody: str) -> None:
    log = Import(events=[("user_id", "anonymous_id"), (nobody, "cookie-1"), (nobody, "cookie-2"), (nobody, None)])
    found = log.stitched()
    assert log.customers("events") == ["cookie-1", "cookie-2", nobody]
    assert conflicts(found) == {("nobody", "user"): (1, 1)}


@pytest.mark.parametrize("address", ["test@example.com", "noreply@example.com", "no-reply@shop.example", "none"])
def test_an_address_nobody_reads_joins_nobody(address: str) -> None:
    log = Import(orders=[("email", "phone"), (address, "+40 722 000 111"), (address, "+40 722 000 222")])
    log.stitched()
    assert log.groups() == set()


def test_an_office_address_joins_its_own_user_but_no_two() -> None:
    log = Import(contacts=[("user_id", "email"), ("U-1", "info@a.example"), ("U-2", "info@b.example"),
                           ("U-3", "info@b.example")])  # fmt: skip
    log.stitched()
    assert log.groups() == {frozenset({"U-1", "info@a.example"})}


def test_an_email_of_four_users_is_shared_and_one_of_three_is_not() -> None:
    rows: list[Row] = [(f"U-{n}", "few@example.com") for n in range(3)]
    rows += [(f"V-{n}", "many@example.com") for n in range(4)]
    log = Import(contacts=[("user_id", "email"), *rows])
    found = log.stitched()
    assert log.groups() == {frozenset({"U-0", "U-1", "U-2", "few@example.com"})}
    assert conflicts(found) == {("shared", "email"): (1, 0)}


def test_a_chain_of_devices_does_not_do_what_one_device_may_not() -> None:
    log = Import(
        events=[("user_id", "device_id"), ("U-1", "dev-1"), ("U-2", "dev-2")],
        letters=[("email", "device_id"), ("ana@example.com", "dev-1"), ("ana@example.com", "dev-2")],
    )
    found = log.stitched()
    # Each device alone might join a user and the address; together they would join the two users.
    assert log.groups() == set()
    assert conflicts(found) == {("chained", "device"): (2, 0)}


def test_a_login_of_a_shop_takes_none_of_the_devices_it_was_used_on() -> None:
    rows: list[Row] = [("till", f"cookie-{n}") for n in range(101)]
    log = Import(events=[("user_id", "anonymous_id"), *rows, ("U-1", "cookie-x")])
    found = log.stitched()
    assert log.groups() == {frozenset({"U-1", "cookie-x"})}
    assert conflicts(found) == {("too_many", "user"): (1, 0)}


def test_a_group_of_more_ids_than_a_person_has_is_taken_apart() -> None:
    rows: list[Row] = []
    for n in range(60):
        rows += [(f"U-{n:02}", f"m{n}@example.com"), (f"U-{n + 1:02}", f"m{n}@example.com")]
    log = Import(contacts=[("user_id", "email"), *rows])
    found = log.stitched()
    assert log.groups() == set()
    assert conflicts(found) == {("too_large", "email"): (60, 0)}


def test_order_numbers_are_never_compared_with_customers() -> None:
    log = Import(
        events=[("customer_id",), ("A-00001",), ("A-00002",), ("A-00003",)],
        tickets=[("email", "ticket_id", "order_id"), ("x@example.com", "A-00001", "A-00002")],
    )
    log.stitched()
    assert log.customers("tickets") == ["x@example.com"]


def test_the_same_text_in_two_spaces_is_two_customers() -> None:
    log = Import(events=[("user_id",), ("17",)], screens=[("device_id",), ("17",)])
    log.stitched()
    assert log.customers("events") == ["17"]
    assert log.customers("screens") == ["device: 17"]


# --- Which columns are compared ----------------------------------------------------------------------------------


def test_a_column_of_another_name_is_compared_if_its_values_are_the_same_rich_ids() -> None:
    ids = [f"C-{n:05}" for n in range(10)]
    log = Import(
        events=[("customer_id",), *[(each,) for each in ids]],
        crm=[("record id", "Ref"), *[(str(n), each) for n, each in enumerate(ids)]],
    )
    log.stitched()
    assert log.customers("crm") == ids


def test_small_numbers_prove_nothing() -> None:
    log = Import(
        events=[("customer_id",), *[(str(n),) for n in range(1, 10)]],
        crm=[("contact id",), *[(str(n),) for n in range(1, 10)]],
    )
    log.stitched()
    assert len(set(log.spaces.values())) == 2


def test_two_customer_columns_with_different_values_are_two_spaces() -> None:
    log = Import(events=[("user_id", "customer_id"), ("1", "10"), ("2", "1"), ("3", "2")])
    log.stitched()
    assert sorted(log.spaces.values()) == ["user:customer_id", "user:user_id"]
    assert log.groups() == {frozenset({"1", "10"}), frozenset({"2", "1"}), frozenset({"3", "2"})}


def test_what_a_person_says_goes_before_names_and_values() -> None:
    log = Import(app=[("user_id",), ("1",)], shop=[("Card",), ("1",)])
    assert log.stitched().n_customers == 1
    log = Import(app=[("user_id",), ("1",)], shop=[("Card",), ("1",)])
    assert log.stitched(Identity(spaces=((("shop.csv", "Card"), "loyalty card"),))).n_customers == 2


def test_who_answered_is_not_the_customer() -> None:
    log = Import(
        tickets=[
            ("Requester email", "Assignee email"),
            ("ana@example.com", "agent@shop.example"),
            ("bo@example.com", "agent@shop.example"),
            (None, "agent@shop.example"),
        ],
        notes=[("Created by",), ("agent@shop.example",)],
    )
    found = log.stitched()
    assert log.customers("tickets") == ["ana@example.com", "bo@example.com", None]
    [text] = [note.text for note in found.notes() if note.code == "IDENTITY_SOMEBODY_ELSE"]
    assert text.startswith("“Assignee email” of tickets.csv tells who answered")
    assert found.left_out == (("tickets.csv", "Assignee email"),)


# --- Decisions ---------------------------------------------------------------------------------------------------


def test_a_value_said_to_be_nobodys_joins_nobody_any_more() -> None:
    rows: list[Row] = [("user_id", "email"), ("U-1", "desk@example.com"), ("U-2", "desk@example.com")]
    joined, undone = Import(contacts=rows), Import(contacts=rows)
    assert joined.stitched().n_customers == 1
    assert undone.stitched(Identity(not_ids=("Desk@example.com",))).n_customers == 2


def test_without_stitching_or_with_one_column_nothing_is_done() -> None:
    log = Import(events=[("user_id", "device_id"), ("U-1", "dev-1")])
    told = spaces(log.draft, log.columns)
    assert stitch(log.draft, log.columns, told, Identity(stitch=False)) is None
    assert stitch(log.draft, log.columns[:1], told, Identity()) is None


def test_an_account_beside_persons_does_not_make_them_one() -> None:
    rows: list[Row] = [("user_id", "account_id"), ("U-1", "A-1"), ("U-2", "A-1"), (None, "A-1")]
    log = Import(events=rows)
    found = log.stitched()
    assert log.customers("events") == ["U-1", "U-2", "A-1"]
    assert conflicts(found) == {("account", "account"): (1, 1)}


def test_where_customers_are_companies_the_account_holds_its_persons_together() -> None:
    log = Import(
        events=[("user_id", "account_id"), ("U-1", "A-1"), ("U-2", "A-1"), ("U-3", "A-2")],
        tickets=[("email", "user_id"), ("ana@a.example", "U-1"), ("advisor@x.example", "U-2"),
                 ("advisor@x.example", "U-3")],
    )  # fmt: skip
    log.stitched(Identity(customer="account"))
    assert log.customers("events") == ["A-1", "A-1", "A-2"]
    assert log.customers("tickets") == ["A-1", "A-1", "A-2"]


def test_the_decisions_survive_being_written_down() -> None:
    identity = Identity(False, "account", ((("a.csv", "Ref"), "user"), (("b.csv", "x"), "user")), ("desk",), 2)
    assert Identity.from_dict(identity.to_dict()) == identity
    assert Identity.from_dict({}) == Identity()


def test_no_note_holds_an_id() -> None:
    rows: list[Row] = [(f"secret-{n}", "secret@example.com") for n in range(5)]
    log = Import(contacts=[("user_id", "email"), *rows, ("secret-1", "secret.own@example.com")])
    notes = log.stitched().notes()
    assert notes
    assert not [note for note in notes if "secret" in note.text]


# --- New months --------------------------------------------------------------------------------------------------


def test_what_was_joined_before_stays_joined() -> None:
    first = Import(contacts=[("user_id", "email"), ("U-1", "ana@example.com"), ("U-2", "ana@example.com")])
    first.stitched()
    then = Import(before=[("customer",), ("U-1",)], events=[("user_id",), ("U-2",), ("U-3",)])
    found = then.added_to(first)
    assert then.customers("before") == ["U-1"]
    assert then.customers("events") == ["U-1", "U-3"]
    assert found.n_customers == 2


def test_a_device_known_as_shared_stays_so_and_its_rows_one_customer() -> None:
    first = Import(events=[("user_id", "device_id"), ("U-1", "dev-1"), ("U-2", "dev-1"), (None, "dev-1")])
    first.stitched()
    then = Import(
        before=[("customer",), ("U-1",), ("U-2",), ("dev-1",)],
        events=[("user_id", "device_id"), ("U-3", "dev-1"), (None, "dev-1")],
    )
    then.added_to(first)
    assert then.customers("before") == ["U-1", "U-2", "dev-1"]
    assert then.customers("events") == ["U-3", "dev-1"]


def test_a_customer_known_by_a_cookie_gets_a_better_name_when_the_user_is_known() -> None:
    first = Import(events=[("user_id", "anonymous_id"), (None, "cookie-1"), ("U-2", "cookie-2")])
    first.stitched()
    then = Import(
        before=[("customer",), ("cookie-1",), ("U-2",)], events=[("user_id", "anonymous_id"), ("U-1", "cookie-1")]
    )
    then.added_to(first)
    assert then.customers("before") == ["U-1", "U-2"]


def test_a_cookie_of_one_user_before_and_of_another_now_joins_nobody() -> None:
    first = Import(events=[("user_id", "anonymous_id"), ("U-1", "cookie-1")])
    first.stitched()
    then = Import(before=[("customer",), ("U-1",)], events=[("user_id", "anonymous_id"), ("U-2", "cookie-1")])
    then.added_to(first)
    assert then.customers("before") == ["U-1"]
    assert then.customers("events") == ["U-2"]


def test_customers_of_the_same_text_stay_two() -> None:
    first = Import(events=[("user_id",), ("17",)], screens=[("device_id",), ("17",)])
    first.stitched()
    then = Import(before=[("customer",), ("17",), ("device: 17",)], screens=[("device_id",), ("17",)])
    then.added_to(first)
    assert then.customers("before") == ["17", "device: 17"]
    assert then.customers("screens") == ["device: 17"]


# --- The sample company ------------------------------------------------------------------------------------------


def _sample_rows(name: str, *headers: str) -> list[Row]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [headers, *[tuple(row[header] or None for header in headers) for row in rows]]


def test_the_identity_story_of_the_sample_company_is_found() -> None:
    log = Import(
        interactions=_sample_rows("interactions.csv", "customer_id", "anonymous_id"),
        customers=_sample_rows("customers.csv", "customer_id"),
    )
    found = log.stitched()
    assert (found.n_customers_before, found.n_customers, found.n_merged) == (3_022, 2_860, 162)
    assert found.conflicts == ()
    assert all(str(customer).startswith("C-") for customer in log.customers("interactions"))


def test_four_exports_of_the_sample_company_become_one() -> None:
    _header, *rows = _sample_rows("interactions.csv", "customer_id", "anonymous_id", "touchpoint", "score")
    known = sorted({str(row[0]) for row in rows if str(row[0]).startswith("C-")})
    number = {each: str(place) for place, each in enumerate(known, start=1)}

    def email(customer: str | None) -> str:
        return f"{str(customer).lower()}@example.com"

    log = Import(
        events=[
            ("user_pseudo_id", "user_id"),
            *[(row[1] or f"c-{row[0]}", row[0] if str(row[0]).startswith("C-") else None) for row in rows],
        ],
        contacts=[("Record ID", "Email", "Customer ID"), *[(number[each], email(each), each) for each in known]],
        tickets=[
            ("Ticket ID", "Requester email", "Assignee email"),
            *[(str(place), email(row[0]).upper(), "agent@example.com") for place, row in enumerate(rows)
              if row[2] == "Support ticket opened" and str(row[0]).startswith("C-")],
        ],
        answers=[("Email",), *[(f" {email(row[0])} ",) for row in rows if row[3] and str(row[0]).startswith("C-")]],
    )  # fmt: skip
    found = log.stitched()
    assert found.n_customers == len(known) == 2_860
    whole = [each for each in found.matches if each.other in ("contacts.csv", "events.csv")]
    assert len(whole) == 5
    assert all(match.n_found == match.n_customers for match in whole)
    owners = {customer for [customer] in log.draft.rows("SELECT DISTINCT customer_id FROM people")}
    assert owners == set(known)
    told = zip(rows, log.customers("events"), strict=True)
    assert all(row[0] == whose or str(row[0]).startswith("a-") for row, whose in told)


# --- Generated truth ---------------------------------------------------------------------------------------------


class Truth:
    """2,000 persons with users, e-mails, cookies and devices, some of them shared, in five files."""

    def __init__(self, seed: int, n_persons: int = 2_000) -> None:
        self.chance = Random(seed)  # noqa: S311
        self.owners: dict[str, set[int]] = defaultdict(set)
        self.files: dict[str, list[Row]] = {
            "events": [("user_id", "anonymous_id", "device_id")],
            "contacts": [("Email", "Record ID", "External ID")],
            "tickets": [("Requester email",)],
            "answers": [("email", "respondent")],
            "orders": [("Email", "Order", "anonymous_id")],
        }
        for person in range(n_persons):
            self._live(person)
        for name, rows in self.files.items():
            self.files[name] = [rows[0], *self.chance.sample(rows[1:], len(rows) - 1)]

    def _add(self, person: int, file: str, *ids: str | None) -> None:
        for each in ids:
            if each is not None:
                self.owners[each.strip().lower()].add(person)
        self.files[file].append(ids)

    def _live(self, person: int) -> None:
        chance = self.chance
        users = [f"u{person:06}a"] + ([f"u{person:06}b"] if chance.random() < 0.05 else [])
        email = f"p{person}@example.com"
        devices = [f"dev-{person}-{n}" for n in range(chance.randint(1, 3))]
        if chance.random() < 0.10:
            devices.append(f"dev-{person // 3}-family")
        if chance.random() < 0.05:
            devices.append("dev-kiosk")
        self._browse(person, users, devices)
        self._write(person, users, email)

    def _browse(self, person: int, users: list[str], devices: list[str]) -> None:
        chance = self.chance
        for n, device in enumerate(devices):
            cookie = f"cookie-{person}-{n}"
            for _visit in range(chance.randint(1, 3)):
                self._add(person, "events", chance.choice([None, "null", "undefined"]), cookie, device)
            if chance.random() < 0.8:
                self._add(person, "events", chance.choice(users), cookie, device)

    def _write(self, person: int, users: list[str], email: str) -> None:
        chance = self.chance
        for user in users:
            if chance.random() < 0.9:
                self._add(person, "contacts", self._typed(email), f"{user}-record", user)
        if chance.random() < 0.3:
            self._add(person, "tickets", self._typed(email))
        if chance.random() < 0.3:
            self._add(person, "answers", chance.choice([self._typed(email), "noreply@example.com"]), f"r-{person:07}")
        if chance.random() < 0.4:
            self._add(person, "orders", self._typed(email), f"#{person}", chance.choice([None, f"cookie-{person}-0"]))

    def _typed(self, email: str) -> str:
        return self.chance.choice([email, email.upper(), f" {email} ", email.capitalize()])


def _owners_by_customer(log: Import, truth: Truth) -> dict[str, set[int]]:
    """The persons of whom each customer holds ids that are one person's alone."""
    persons: dict[str, set[int]] = defaultdict(set)
    for customer, each in log.draft.rows("SELECT customer_id, id FROM people"):
        owners = truth.owners.get(each.lower(), set())
        if len(owners) == 1:
            persons[customer] |= owners
    return persons


def _provable(truth: Truth) -> list[set[str]]:
    """What could be joined at best: ids of one person alone that hang together in rows."""
    together = {each: {each} for each, owners in truth.owners.items() if len(owners) == 1}
    for _header, *rows in truth.files.values():
        for row in rows:
            own = [together[key] for each in row if each and (key := each.strip().lower()) in together]
            whole = set().union(*own)
            for each in whole if len(whole) > 1 else ():
                together[each] = whole
    return list({id(whole): whole for whole in together.values()}.values())


def _share_found(log: Import, truth: Truth) -> float:
    """The share of these groups, of at least two ids, that are one customer."""
    customer = {each.lower(): whose for whose, each in log.draft.rows("SELECT customer_id, id FROM people")}
    groups = [group for group in _provable(truth) if len(group) > 1]
    return sum(len({customer[each] for each in group}) == 1 for group in groups) / len(groups)


@pytest.mark.parametrize("seed", range(3))
def test_on_generated_truth_no_two_persons_become_one_and_nearly_all_that_is_provable_is_joined(seed: int) -> None:
    truth = Truth(seed)
    log = Import(**truth.files)
    found = log.stitched()
    wrong = {customer: persons for customer, persons in _owners_by_customer(log, truth).items() if len(persons) > 1}
    assert wrong == {}
    assert _share_found(log, truth) > 0.99
    assert sum(table.n_rows for table in found.tables) == sum(len(rows) - 1 for rows in truth.files.values())


def test_the_order_of_files_and_rows_changes_nothing() -> None:
    truth = Truth(7, n_persons=200)
    log = Import(**truth.files)
    found = log.stitched()
    turned = Import(**{name: [rows[0], *reversed(rows[1:])] for name, rows in reversed(truth.files.items())})
    assert turned.stitched() == found
    people = "SELECT space, id, customer_id, glues FROM people ORDER BY ALL"
    assert turned.draft.rows(people) == log.draft.rows(people)


# --- Properties of small graphs ----------------------------------------------------------------------------------


def _graph(chance: Random, n_nodes: int, n_edges: int, n_spaces: int) -> tuple[Nodes, np.ndarray]:
    space = np.sort(np.array([chance.randrange(n_spaces) for _node in range(n_nodes)]))
    nodes = Nodes(
        space=space,
        text=np.arange(n_nodes),
        verdict=np.zeros(n_nodes, np.int64),
        is_rich=np.ones(n_nodes, np.bool_),
        is_office=np.zeros(n_nodes, np.bool_),
    )
    edges = np.array([[chance.randrange(n_nodes), chance.randrange(n_nodes)] for _edge in range(n_edges)])
    return nodes, edges.reshape(-1, 2)


def _union_find(n_nodes: int, edges: Iterator[tuple[int, int]]) -> list[int]:
    parent = list(range(n_nodes))

    def root(node: int) -> int:
        return node if parent[node] == node else root(parent[node])

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [root(node) for node in range(n_nodes)]


#: Users, e-mails, cookies, devices.
RULES = (Rule(3, is_strong=True), Rule(3, is_strong=True), Rule(), Rule())


@pytest.mark.parametrize("seed", range(150))
def test_groups_never_hold_what_only_weak_ids_would_join(seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    n_nodes = chance.randint(2, 14)
    nodes, edges = _graph(chance, n_nodes, chance.randint(1, 16), len(RULES))
    groups = glued(nodes, edges, RULES, None)
    space = nodes.space
    usable = [(one, other) for one, other in edges.tolist() if space[one] != space[other]]
    whole = _union_find(n_nodes, iter(usable))
    strong = _union_find(n_nodes, ((one, other) for one, other in usable if max(space[one], space[other]) < 2))
    for one, other in combinations(range(n_nodes), 2):
        if groups.group[one] == groups.group[other]:
            assert whole[one] == whole[other]
            if space[one] == space[other] < 2:
                assert strong[one] == strong[other]
    assert (groups.group <= np.arange(n_nodes)).all()
    assert (groups.group[groups.group] == groups.group).all()


@pytest.mark.parametrize("seed", range(150))
def test_where_no_guard_speaks_the_groups_are_those_of_a_union_find(seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    n_nodes = chance.randint(2, 14)
    nodes, edges = _graph(chance, n_nodes, chance.randint(1, 8), len(RULES))
    groups = glued(nodes, edges, RULES, None)
    if (groups.verdict == GLUES).all() and not groups.cuts.any():
        usable = ((one, other) for one, other in edges.tolist() if nodes.space[one] != nodes.space[other])
        assert groups.group.tolist() == _union_find(n_nodes, usable)
    else:
        assert (groups.verdict != GLUES).any() or groups.cuts.any()


@pytest.mark.parametrize("seed", range(50))
def test_the_numbering_within_a_space_changes_no_group(seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    nodes, edges = _graph(chance, 12, 14, len(RULES))
    order = np.lexsort((np.array([chance.random() for _node in range(12)]), nodes.space))
    place = np.argsort(order)
    one, other = glued(nodes, edges, RULES, None), glued(nodes, place[edges], RULES, None)
    pairs = combinations(range(12), 2)
    assert all((one.group[a] == one.group[b]) == (other.group[place[a]] == other.group[place[b]]) for a, b in pairs)


def test_two_users_on_one_device_are_named_ambiguous() -> None:
    nodes = Nodes(np.array([0, 0, 3]), np.arange(3), np.zeros(3, np.int64), np.ones(3, bool), np.zeros(3, bool))
    groups = glued(nodes, np.array([[0, 2], [1, 2]]), RULES, None)
    assert groups.verdict.tolist() == [GLUES, GLUES, AMBIGUOUS]
    assert groups.group.tolist() == [0, 1, 2]
