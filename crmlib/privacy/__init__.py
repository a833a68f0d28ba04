"""Pseudonyms, masking, the disclosure gate, safe CSV."""
