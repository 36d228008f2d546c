"""Kinds of ids: what their columns are called, how strong they are, and which words are no id at all."""

from __future__ import annotations

from collections.abc import Mapping as Given
from dataclasses import dataclass, field
from typing import Any, Final

from journey.engine import literal
from journey.errors import ArgumentError
from journey.ingest.aliases import forms

CUSTOMERS_ARE = ("person", "account")
USER, EMAIL, PHONE, ACCOUNT, OTHER = "user", "email", "phone", "account", "other"
EARLIER, SOMEBODY_ELSE = "earlier", "somebody else"
#: An e-mail or contact that belongs to more user ids than this is shared by several persons.
MOST_STRONG_IDS: Final = 3
#: A group with more strong ids than this is no person.
MOST_IDS_OF_ONE: Final = 50
#: A person has hardly more e-mails, and hardly more cookies, than this.
_MOST_ADDRESSES, _MOST_DEVICES = 10, 100


@dataclass(frozen=True)
class IdColumn:
    """A column of ids: `table` and `column` in the draft, `table_name` and `header` as a person knows them."""

    table: str
    table_name: str
    header: str
    column: str
    is_customer: bool

    @property
    def place(self) -> tuple[str, str]:
        return self.table_name, self.header


@dataclass(frozen=True)
class Identity:
    """What a person decided about the ids of an import.

    Parameters
    ----------
    stitch
        Whether several ids become one customer; without it, the customer's own column is the customer.
    customer
        `person`, or `account` where customers are companies: then an account holds its persons together.
    spaces
        Pairs of (table, header) and the name of the ids in that column; columns of one name are compared.
    not_ids
        Values that belong to nobody and never join two customers.
    most_strong_ids
        How many user ids an e-mail or contact may join.
    """

    stitch: bool = True
    customer: str = "person"
    spaces: tuple[tuple[tuple[str, str], str], ...] = ()
    not_ids: tuple[str, ...] = ()
    most_strong_ids: int = MOST_STRONG_IDS

    def __post_init__(self) -> None:
        if self.customer not in CUSTOMERS_ARE:
            raise ArgumentError.not_one_of("customer", self.customer, CUSTOMERS_ARE)

    def to_dict(self) -> dict[str, Any]:
        """Write the decisions as the recipe holds them."""
        same: dict[str, dict[str, str]] = {}
        for (table, header), space in self.spaces:
            same.setdefault(table, {})[header] = space
        return {
            "stitch": self.stitch,
            "customer": self.customer,
            "same": same,
            "not_ids": list(self.not_ids),
            "most_strong_ids": self.most_strong_ids,
        }

    @classmethod
    def from_dict(cls, held: Given[str, Any]) -> Identity:
        """Read the decisions as the recipe holds them; what is left out is as usual."""
        spaces = tuple(
            ((str(table), str(header)), str(space))
            for table, headers in held.get("same", {}).items()
            for header, space in headers.items()
        )
        return cls(
            stitch=held.get("stitch", True),
            customer=held.get("customer", "person"),
            spaces=spaces,
            not_ids=tuple(str(value) for value in held.get("not_ids", ())),
            most_strong_ids=held.get("most_strong_ids", MOST_STRONG_IDS),
        )


@dataclass(frozen=True)
class IdKind:
    """One kind of id.

    `is_tolerant`: it may join a few stronger ids, as an e-mail with two accounts does; other kinds join none of the
    same kind. `is_strong`: it stands for a person rather than for a thing. `most_per_id`: a stronger id that meets
    more of these is a till or a test account and takes none of them.
    """

    name: str
    headers: frozenset[str] = field(repr=False)
    is_strong: bool = False
    is_tolerant: bool = False
    most_per_id: int | None = None


def _kind(
    name: str, headers: str, *, is_strong: bool = False, is_tolerant: bool = False, most_per_id: int | None = None
) -> IdKind:
    return IdKind(
        name, frozenset(each.replace("_", "") for each in headers.split()), is_strong, is_tolerant, most_per_id
    )


#: All kinds, the strongest first.
KINDS: Final = (
    # Customers of the version that new files are added to: what was joined stays joined.
    _kind(EARLIER, "", is_strong=True),
    _kind(
        ACCOUNT,
        """account_id account account_key company_id company company_name organization_id organisation_id organization
        organisation org_id group_id tenant_id workspace_id associated_company associated_company_id
        associated_company_ids""",
        is_strong=True,
    ),
    _kind(
        USER,
        """user_id user uid userid customer_id customer customer_number customer_no customer_key client_key member_id
        member subscriber_id user_identifier stitched_user_id external_id external_user_id user_external_id
        requester_external_id case_id case_concept_name patient_id kunde kunden_id kunden_nr kundennummer id_client
        client klant klant_id cliente id_cliente cod_client 客户 客户编号 客户id 用户 用户id""",
        is_strong=True,
        is_tolerant=True,
    ),
    _kind("person", "person_id resolved_distinct_id", is_strong=True, is_tolerant=True, most_per_id=_MOST_ADDRESSES),
    _kind("amplitude", "amplitude_id", is_strong=True, is_tolerant=True, most_per_id=_MOST_DEVICES),
    _kind(
        "contact",
        "contact_id record_id associated_contact_id associated_contact_ids contact_vid vid lead_id",
        is_strong=True,
        is_tolerant=True,
        most_per_id=_MOST_ADDRESSES,
    ),
    _kind("requester", "requester_id", is_strong=True, is_tolerant=True, most_per_id=_MOST_ADDRESSES),
    _kind(
        EMAIL,
        """email e_mail mail email_address e_mail_address requester_email recipient_email customer_email contact_email
        user_email person_email respondent_email billing_email buyer_email""",
        is_strong=True,
        is_tolerant=True,
        most_per_id=_MOST_ADDRESSES,
    ),
    _kind(
        PHONE,
        "phone phone_number mobile mobile_phone mobile_phone_number telephone tel msisdn billing_phone whatsapp",
        most_per_id=_MOST_ADDRESSES,
    ),
    _kind("distinct", "distinct_id", most_per_id=_MOST_DEVICES),
    _kind(
        "anonymous",
        """anonymous_id anon_id user_pseudo_id client_id ga_client_id cookie cookie_id visitor_id id_visitor
        full_visitor_id domain_userid network_userid""",
        most_per_id=_MOST_DEVICES,
    ),
    _kind(
        "device",
        "device_id device_uuid idfa idfv gaid aaid advertising_id installation_id app_instance_id",
        most_per_id=_MOST_DEVICES,
    ),
    _kind(OTHER, "", most_per_id=_MOST_DEVICES),
    _kind("order", "order_id order order_number order_no order_ref transaction_id invoice_id invoice_no"),
    _kind("ticket", "ticket_id ticket ticket_number conversation_id"),
    # Who answered, sold or sent: never the customer.
    _kind(SOMEBODY_ELSE, ""),
)
KIND_NAMES: Final = tuple(kind.name for kind in KINDS)

# --- What is no id -----------------------------------------------------------------------------------------------

_WORDS: Final = (
    "null", "(null)", "<null>", "undefined", "none", "nil", "nan", "na", "n/a", "#n/a", "unknown", "anonymous",
    "anonym", "guest", "gast", "invitado", "oaspete", "visitor", "user", "customer", "client", "test", "tester",
    "testuser", "test user", "demo", "default", "dummy", "example", "sample", "admin", "root", "system", "bot",
    "deleted", "removed", "redacted", "[redacted]", "(not set)", "not set", "no value", "false", "true", "error",
    "(empty)", "empty", "-1", "?", "\\n", "id", "user_id", "[object object]", "your@email.com", "name@domain.com",
    "email@domain.com", "user@domain.com", "email@example.com", "user@example.com", "name@example.com",
    "someone@example.com", "you@example.com", "a@a.com", "匿名", "访客", "未知",
)  # fmt: skip
_NOBODYS_MAIL: Final = r"(test|tests|testing|noreply|no-reply|no_reply|donotreply|do-not-reply|mailer-daemon|postmaster|anonymous|unknown|null|none|guest|dummy|fake|spam)([+.\d].*)?@.*"  # noqa: E501 - one pattern
_OFFICE_MAIL: Final = r"(info|office|contact|hello|sales|support|admin|team|mail|shop|service|billing|help)@.*"
_FILLED_IN: Final = r"[0-]+|9{6,}|x{2,}|\?+|\*+|\.+|_+"
EMAIL_PATTERN: Final = r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}"
_FEWEST_PHONE_DIGITS: Final = 7


def nobody_sql(kind: str, cell: str, not_ids: tuple[str, ...]) -> str:
    """Write the SQL that tells whether an id belongs to nobody: a word for nothing, or a value of `not_ids`."""
    words = ", ".join(literal(word) for word in sorted({*_WORDS, *(value.strip().casefold() for value in not_ids)}))
    told = [f"lower({cell}) IN ({words})", f"regexp_full_match(lower({cell}), {literal(_FILLED_IN)})"]
    if kind == EMAIL:
        told.append(f"regexp_full_match({cell}, {literal(_NOBODYS_MAIL)})")
        told.append(f"NOT contains({cell}, '@')")
    if kind == PHONE:
        told.append(f"length(ltrim({cell}, '+')) < {_FEWEST_PHONE_DIGITS}")
    return f"({' OR '.join(told)})"


def office_sql(cell: str) -> str:
    """Write the SQL that tells an e-mail address several persons may read."""
    return f"regexp_full_match({cell}, {literal(_OFFICE_MAIL)})"


def rich_sql(cell: str) -> str:
    """Write the SQL that tells an id two systems hardly give by chance: six signs, and no short bare number."""
    return f"(length({cell}) >= 6 AND NOT regexp_full_match({cell}, '[0-9]{{1,11}}'))"


def cell_sql(column: str, kind: str) -> str:
    """Write the SQL of an id as it is compared: trimmed, e-mails in small letters, phone numbers without spaces."""
    cell = f"nullif(trim({column}, ' \t\r\n'), '')"
    if kind == EMAIL:
        return f"lower({cell})"
    if kind == PHONE:
        return f"nullif(regexp_replace(regexp_replace({cell}, '[^0-9+]', '', 'g'), '^00', '+'), '')"
    return cell


def kind_called(header: str) -> str:
    """Name the kind of id a header stands for; `other` when it is none of them.

    >>> kind_called("Requester email"), kind_called("user_pseudo_id"), kind_called("Ref")
    ('email', 'anonymous', 'other')
    """
    for form in forms(header):
        compact = form.replace("_", "")
        for kind in KINDS:
            if compact in kind.headers:
                return kind.name
    return OTHER
