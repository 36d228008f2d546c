"""What a recipe may hold, as a JSON Schema: checked before a recipe that a person wrote is believed."""

from __future__ import annotations

from typing import Any, Final

from journey.ingest.cells.amounts import DECIMAL_SIGNS
from journey.ingest.cells.emotions import SCALES
from journey.ingest.identity.identities import CUSTOMERS_ARE
from journey.ingest.mapping import CARRIED, DUPLICATES, KINDS
from journey.vocabulary import ROLES, STAGE_SETS

_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_NAMES: Final = {"type": "object", "additionalProperties": _TEXT}
_STAGE: Final = {
    "anyOf": [
        _TEXT_OR_NONE,
        {
            "type": "object",
            "properties": {"before": _TEXT_OR_NONE, "after": _TEXT_OR_NONE},
            "additionalProperties": False,
        },
    ]
}
_MOMENT: Final = {
    "type": "object",
    "properties": {
        "column": _TEXT,
        "touchpoint": _TEXT,
        "stage": _TEXT_OR_NONE,
        "carries": {"type": "array", "items": {"enum": list(CARRIED)}},
    },
    "required": ["column", "touchpoint"],
    "additionalProperties": False,
}
_TABLE: Final = {
    "type": "object",
    "properties": {
        "table": _TEXT,
        "kind": {"enum": list(KINDS)},
        "export": _TEXT_OR_NONE,
        "columns": {"type": "object", "additionalProperties": {"enum": list(ROLES)}},
        "touchpoint": _TEXT_OR_NONE,
        "channel": _TEXT_OR_NONE,
        "moments": {"type": "array", "items": _MOMENT},
        "customer_per_row": {"type": "boolean"},
        "taken": {"type": ["boolean", "null"]},
        "encoding": _TEXT_OR_NONE,
        "naive_time_zone": _TEXT,
        "day_first": {"type": ["boolean", "null"]},
        "decimal_sign": {"enum": [*DECIMAL_SIGNS, None]},
        "score_kind": {"enum": [*SCALES, None]},
        "duplicates": {"enum": list(DUPLICATES)},
    },
    "required": ["columns"],
    "additionalProperties": False,
}
_IDENTITY: Final = {
    "type": "object",
    "properties": {
        "stitch": {"type": "boolean"},
        "customer": {"enum": list(CUSTOMERS_ARE)},
        "same": {"type": "object", "additionalProperties": _NAMES},
        "not_ids": _TEXTS,
        "most_strong_ids": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}

RECIPE_FORMAT: Final = 2
SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Journey recipe",
    "type": "object",
    "properties": {
        "format": {"const": RECIPE_FORMAT},
        "tables": {"type": "array", "minItems": 1, "items": _TABLE},
        "time_zone": _TEXT,
        "currency": _TEXT_OR_NONE,
        "stage_set": {"enum": list(STAGE_SETS)},
        "stages": _TEXTS,
        "touchpoint_stages": {"type": "object", "additionalProperties": _STAGE},
        "touchpoint_groups": _NAMES,
        "touchpoint_names": _NAMES,
        "channel_names": _NAMES,
        "own_hosts": _TEXTS,
        "identity": _IDENTITY,
    },
    "required": ["format", "tables"],
    "additionalProperties": False,
}
