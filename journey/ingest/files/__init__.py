"""Files of every kind become staged tables of text cells."""
