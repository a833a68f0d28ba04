"""Names of months, halves of the day and time zones as they are written in dates."""

from typing import Final

MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("jan", "january", "januar", "jän", "jänner", "janv", "janvier", "ene", "enero", "janeiro", "gen", "gennaio"),
    ("feb", "february", "februar", "fév", "févr", "février", "fevrier", "febrero", "fev", "fevereiro", "febbraio"),
    ("mar", "march", "mär", "märz", "maerz", "mrz", "mars", "marzo", "março", "marco", "mrt", "maart"),
    ("apr", "april", "avr", "avril", "abr", "abril", "aprile"),
    ("may", "mai", "mayo", "maio", "mag", "maggio", "mei"),
    ("jun", "june", "juni", "juin", "junio", "junho", "giu", "giugno"),
    ("jul", "july", "juli", "juil", "juillet", "julio", "julho", "lug", "luglio"),
    ("aug", "august", "août", "aout", "ago", "agosto", "augustus"),
    ("sep", "sept", "september", "septembre", "septiembre", "set", "setembro", "settembre"),
    ("oct", "october", "okt", "oktober", "octobre", "octubre", "out", "outubro", "ott", "ottobre"),
    ("nov", "november", "novembre", "noviembre", "novembro"),
    ("dec", "december", "dez", "dezember", "déc", "décembre", "decembre", "dic", "diciembre", "dezembro", "dicembre"),
)
"""Each month in English, German, French, Spanish, Portuguese, Italian and Dutch: no name is that of two months."""

AFTERNOON: Final = ("pm", "下午", "午後", "晚上", "오후")
FORENOON: Final = ("am", "上午", "午前", "早上", "오전")

ZONES: Final = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "msk": 180, "jst": 540, "est": -300, "edt": -240, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
"""Minutes ahead of UTC of the names that mean one zone only; CST is both Chicago's and Shanghai's, and BST is two."""


def month_of(name: str) -> int | None:
    """Give the number of a month's name."""
    word = name.lower().rstrip(".")
    return next((number for number, names in enumerate(MONTHS, start=1) if word in names), None)
