"""The script Streamlit runs for every address: frame, login where there is one, navigation, then the page."""

from __future__ import annotations

from journey.ui import login, navigation, shell

shell.open_frame()
login.require_login()
navigation.run()
