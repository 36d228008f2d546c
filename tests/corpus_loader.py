"""The product's own import, as a corpus of broken uploads asks it: `load(path, upload_name)`.

What the app would do is told in the corpus's words: `ok` with the rows that would be kept, `ask` with nothing done,
`refuse` with the code of the refusal. Codes are those of the notes that a person reads. The two steps run here and not
in guarded processes of their own, because whoever asks runs each upload in a process with limits already.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from journey.dataset import Dataset
from journey.errors import JourneyError
from journey.ingest.load import build, inspect
from journey.workspace.spool import labelled

#: The corpus writes feelings from −1 to +1.
EMOTION_OF_ONE = 2.0


def load(path: str, upload_name: str) -> dict[str, Any]:
    """Read a file and build a dataset of it as the app does, and tell what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        scratch, built = Path(folder, "scratch"), Path(folder, "built")
        scratch.mkdir()
        built.mkdir()
        try:
            proposal = inspect([Path(path)], scratch, names=[labelled(upload_name)])
            if asked := proposal.unanswered(proposal.recipe):
                return {"status": "ask", "codes": [question.code for question in asked], "rows": []}
            build(scratch, proposal.recipe, built)
        except JourneyError as refusal:
            return {"status": "refuse", "codes": [refusal.code], "rows": []}
        dataset = Dataset.open(built)
        codes = sorted({note["code"] for note in dataset.report["notes"]})
        rows = _rows(dataset)
        dataset.engine.close()
    return {"status": "ok", "codes": codes, "rows": rows}


def _rows(dataset: Dataset) -> list[dict[str, Any]]:
    steps = dataset.table("steps").to_pyarrow().to_pylist()
    return [
        {
            "customer": step["customer_id"],
            "ts": step["timestamp"].isoformat(),
            "touchpoint": step["touchpoint"],
            "channel": step["channel"],
            "sentiment": None if step["emotion"] is None else step["emotion"] / EMOTION_OF_ONE,
            "revenue": step["revenue"],
        }
        for step in steps
    ]
