"""What groups of customers did after a moment of theirs, as observed and at equal behaviour before it."""
