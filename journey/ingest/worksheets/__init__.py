"""A sheet to fill in, for those who have notes and interviews only."""
