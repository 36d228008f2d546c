"""The product's server around a page that holds nothing but an upload box: `python -m` it, or let a test start it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import streamlit as st

from journey.ui import server

app = st.App(
    Path(__file__).with_name("upload_page.py"),
    lifespan=server.lifespan,
    routes=server.ROUTES,
    middleware=server.MIDDLEWARE,
)

if __name__ == "__main__":
    app.run(
        config={
            "server.address": os.environ["HOST"],
            "server.port": int(os.environ["PORT"]),
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
            "client.showErrorDetails": "full",
        }
    )
