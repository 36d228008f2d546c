"""The script Streamlit runs for every address: frame and navigation, then the page."""

from __future__ import annotations

from journey.ui import navigation, shell

shell.open_frame()
navigation.run()
