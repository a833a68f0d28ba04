"""Figures, shown tables, sentences and pages."""
