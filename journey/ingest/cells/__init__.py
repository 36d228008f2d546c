"""Texts in cells become times, amounts, scores, ids and labels."""
