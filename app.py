"""The server: Streamlit's app around the router, the routes beside it, and what every answer carries.

`python app.py` listens on 127.0.0.1:8501; `HOST` and `PORT` say otherwise. Where others reach it, it wants a login.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from journey.ui import server

server.use_settings_beside(Path(__file__).resolve())
app = st.App(
    "journey/ui/entry/router.py",
    lifespan=server.lifespan,
    routes=server.ROUTES,
    middleware=server.MIDDLEWARE,
)

if __name__ == "__main__":
    app.run(config=server.settings())
