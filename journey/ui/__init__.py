"""Everything that draws or remembers in Streamlit."""
