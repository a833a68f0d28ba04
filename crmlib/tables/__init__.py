"""The vocabulary: the canonical tables, their columns and what each means."""

from crmlib.tables.vocabulary import TABLES, Column, Kind, Table

__all__ = ["TABLES", "Column", "Kind", "Table"]
