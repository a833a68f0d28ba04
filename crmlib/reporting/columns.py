"""How the columns of a shown table appear."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shows:
    """How one column of a table appears.

    Attributes
    ----------
    label
        Its heading in words, with the unit where the cells have none.
    kind
        ``text, name, money, count, people, share, points, days, number, day, month``; ``name`` puts codes such as
        ``need_attention`` into words.
    low, high
        Columns with the ends of an interval, shown in the same cell.
    decimals
        Decimals of all cells; else chosen for the column from its largest value.
    currency
        ISO 4217 code for money; else the table's.
    missing
        Words for a cell that was not observed; else "not observed".
    swatch
        Put the name's colour beside it, the one it has in the figures.
    kind_from
        Column that names the kind of each row, for a list of figures with units of their own.
    link
        Column with the page each cell leads to, a file name of this report such as ``03_churn.html``.
    """

    label: str
    kind: str = "text"
    low: str | None = None
    high: str | None = None
    decimals: int | None = None
    currency: str | None = None
    missing: str | None = None
    swatch: bool = False
    kind_from: str | None = None
    link: str | None = None
