"""Orders: of Shopify, and the data sets of shops that people learn with."""

from __future__ import annotations

from typing import Final

from journey.engine import Draft
from journey.ingest.exports.export import Columns, Export
from journey.ingest.exports.rows import amount, cell, is_one_of, lowered, rewritten, written
from journey.ingest.files.staging import StagedTable
from journey.ingest.mapping import Moment

ORDER_LINE: Final = "order_line"


def _first_lines(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Keep one row per order: Shopify writes one per article, the later ones with the order's own cells blank."""
    order, created = cell(staged, columns.first("Name")), cell(staged, columns.first("Created at"))
    marks = [header for header in ("Financial Status", "Total", "Subtotal", "Currency") if header in columns]
    is_blank = " AND ".join(f"{cell(staged, columns.first(mark))} IS NULL" for mark in marks) or "false"
    again = f"row_number() OVER (PARTITION BY {order}, {created} ORDER BY line) > 1"
    follows = f"min(line) OVER (PARTITION BY {order}) < line"
    further = f"{order} IS NOT NULL AND (({created} IS NOT NULL AND {again}) OR ({is_blank} AND {follows}))"
    return rewritten(draft, staged, {}, {ORDER_LINE: further})


def _price_paid(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Take the price of an article for revenue only where it was bought, not where it was looked at."""
    is_bought = is_one_of(lowered(staged, columns.first("event_type")), ("purchase",))
    price = cell(staged, columns.first("price"))
    return rewritten(draft, staged, {"price paid": f"CASE WHEN {is_bought} THEN {price} END"})


def _invoices(draft: Draft, staged: StagedTable, columns: Columns) -> StagedTable:
    """Add up the lines of an invoice; one that begins with C takes an order back."""
    invoice = cell(staged, columns.first("Invoice | InvoiceNo"))
    customer = cell(staged, columns.first("Customer ID"))
    paid = f"{amount(staged, columns.first('Quantity'))} * {amount(staged, columns.first('Price | UnitPrice'))}"
    lines = f"PARTITION BY {invoice}, {customer}"
    # An order of which one line can't be read has no sum: part of it would pass for all of it.
    total = f"CASE WHEN count(*) OVER ({lines}) = count({paid}) OVER ({lines}) THEN sum({paid}) OVER ({lines}) END"
    what = f"CASE WHEN upper({invoice}) LIKE 'C%' THEN 'Order cancelled' ELSE 'Order placed' END"
    again = f"{invoice} IS NOT NULL AND row_number() OVER ({lines} ORDER BY line) > 1"
    return rewritten(draft, staged, {"order": what, "order total": written(total)}, {ORDER_LINE: again})


EXPORTS: Final = (
    Export(
        name="shopify_orders",
        title="a Shopify orders export",
        needs=("Name", "Email", "Created at"),
        hints="Financial Status | Lineitem name | Lineitem price | Fulfillment Status | Lineitem quantity",
        n_hints=2,
        columns={
            "customer_id": "Email | Customer ID | Phone",
            "channel": "Source",
            "revenue": "Total | Subtotal",
            "attribute": "Accepts Marketing | Billing Country | Shipping Country",
            "ignore": """Name | Financial Status | Paid at | Fulfillment Status | Currency | Subtotal | Shipping
                | Taxes | Discount Code | Discount Amount | Shipping Method | Lineitem quantity | Lineitem name
                | Lineitem price | Lineitem compare at price | Lineitem sku | Lineitem requires shipping
                | Lineitem taxable | Lineitem fulfillment status | Billing Name | Billing Street | Billing Address1
                | Billing Address2 | Billing Company | Billing City | Billing Zip | Billing Province | Billing Phone
                | Shipping Name | Shipping Street | Shipping Address1 | Shipping Address2 | Shipping Company
                | Shipping City | Shipping Zip | Shipping Province | Shipping Phone | Notes | Note Attributes
                | Payment Method | Payment Reference | Refunded Amount | Vendor | Outstanding Balance | Employee
                | Location | Device ID | Id | Tags | Risk Level | Lineitem discount | Tax 1 Name | Tax 1 Value
                | Tax 2 Name | Tax 2 Value | Tax 3 Name | Tax 3 Value | Tax 4 Name | Tax 4 Value | Tax 5 Name
                | Tax 5 Value | Receipt Number | Duties | Billing Province Name | Shipping Province Name | Payment ID
                | Payment Terms Name | Next Payment Due At | Payment References""",
        },
        moments=(
            Moment("Created at", "Order placed", carries=("revenue",)),
            Moment("Fulfilled at", "Order fulfilled"),
            Moment("Cancelled at", "Order cancelled"),
        ),
        traps=(
            "“Name” is the number of the order, not of a person; the customer is told by the e-mail address.",
            "An order with several articles has several lines: the order counts once, its further lines are left out.",
            "“Source” is the sales channel (online shop, point of sale), not the campaign.",
            (
                "“Total” is what was ordered; refunds are not taken off, because the file does not say when they were"
                " paid."
            ),
        ),
        preparation=_first_lines,
    ),
    Export(
        name="rees46",
        title="a log of shop events as REES46 publishes them",
        needs=("event_time", "event_type", "product_id", "user_id", "price"),
        hints="user_session | category_code | category_id | brand",
        columns={
            "customer_id": "user_id",
            "timestamp": "event_time",
            "touchpoint": "event_type",
            "revenue": "price paid",
            "ignore": "product_id | category_id | category_code | brand | price | user_session",
        },
        traps=(
            "“price” is the price of the article looked at; it counts as revenue only where the article was bought.",
        ),
        preparation=_price_paid,
    ),
    Export(
        name="online_retail",
        title="a list of invoice lines as in the data set Online Retail",
        needs=("Invoice | InvoiceNo", "StockCode", "InvoiceDate", "Price | UnitPrice", "Customer ID | CustomerID"),
        columns={
            "customer_id": "Customer ID | CustomerID",
            "timestamp": "InvoiceDate",
            "touchpoint": "order",
            "revenue": "order total",
            "attribute": "Country",
            "ignore": "Invoice | InvoiceNo | StockCode | Description | Quantity | Price | UnitPrice",
        },
        touchpoint="Order placed",
        traps=(
            "Every line is an article: the lines of an invoice are added up (quantity × price) and count as one order.",
            "Invoices that begin with C take an order back: they count as “Order cancelled”, with negative revenue.",
        ),
        preparation=_invoices,
    ),
    Export(
        name="attribution_touches",
        title="a file of advertising touches as in the Kaggle attribution data set",
        needs=("cookie", "time", "interaction", "conversion", "channel"),
        columns={
            "customer_id": "cookie",
            "timestamp": "time",
            "touchpoint": "interaction",
            "channel": "channel",
            "revenue": "conversion_value",
            "ignore": "conversion",
        },
        traps=("“conversion” only repeats what “interaction” says, so it is not used.",),
    ),
)
