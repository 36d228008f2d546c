"""The server: Streamlit's app around the router, the routes beside it, and what every answer carries.

`python app.py` listens on 127.0.0.1:8501; `HOST` and `PORT` say otherwise.
"""

from __future__ import annotations

import os

import streamlit as st

from journey.ui import server

app = st.App(
    "journey/ui/entry/router.py",
    lifespan=server.lifespan,
    routes=server.ROUTES,
    middleware=server.MIDDLEWARE,
)

if __name__ == "__main__":
    app.run(
        config={
            "server.address": os.environ.get("HOST", "127.0.0.1"),
            "server.port": int(os.environ.get("PORT", "8501")),
            "server.headless": True,
        }
    )
