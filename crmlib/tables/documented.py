"""The clean tables as a part of ``docs/tables.md``, written from the vocabulary."""

from typing import Final

from crmlib.tables.vocabulary import DERIVED, TABLES, Table

BEGIN: Final = "<!-- written by `make schema` from crmlib/tables/vocabulary.py -->"
END: Final = "<!-- end of what is written -->"


def clean_tables_page(page: str) -> str:
    """Put the clean tables, as the vocabulary has them, between the two marks of a page; refuse a page without them."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"the page needs the two lines {BEGIN} and {END}")
    before, after = page.split(BEGIN, maxsplit=1)[0], page.split(END)[1]
    return (
        f"{before}{BEGIN}\n\n"
        + "\n".join(_section(table) for table in (*TABLES.values(), *DERIVED.values()))
        + f"{END}{after}"
    )


def _section(table: Table) -> str:
    rows = "".join(f"| `{column.name}` | {column.kind} | {column.meaning} |\n" for column in table.clean)
    head = "| Column | Kind | Meaning |\n| --- | --- | --- |\n"
    return f"### `{table.name}`\n\nOne row: {table.grain}.\n\n{head}{rows}"
