"""A page that holds an upload box, tells what came, and counts clicks."""

from __future__ import annotations

import streamlit as st

from journey.ui import upload_component

st.header("Upload")
uploads = upload_component.upload_box("files")
st.text("Here: " + ", ".join(f"{upload.name} {upload.n_bytes} {upload.sha256[:8]}" for upload in uploads))
if st.button("Count"):
    st.session_state["count"] = st.session_state.get("count", 0) + 1
st.text(f"Counted {st.session_state.get('count', 0)}")
if st.button("Empty the box"):
    upload_component.forget("files")
    st.rerun()
