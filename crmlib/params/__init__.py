"""The parameters of a report series."""
