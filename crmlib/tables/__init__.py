"""The vocabulary: the canonical tables, their columns and what each means."""

from crmlib.tables.documented import clean_tables_page
from crmlib.tables.vocabulary import DERIVED, MEASURED, TABLES, Column, Kind, Table

__all__ = ["DERIVED", "MEASURED", "TABLES", "Column", "Kind", "Table", "clean_tables_page"]
