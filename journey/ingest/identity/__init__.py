"""Several ids become one customer."""
