"""Numbers of people among the numbers of lines: a line of the customers table is a person, and passes the gate."""

import pandas as pd

from crmlib.words import _, formats
from crmlib.workspace import Run


def rounded_people(rows: pd.DataFrame, columns: list[str], run: Run) -> pd.DataFrame:
    """Round the rows of the customers table, numbers of people, as the gate does; too few are left out."""
    of_people = rows["table"] == "customers"
    rounded = rows[columns].map(lambda n: float(run.rules.rounded(n) or "nan") if n else 0.0)
    return rows.assign(**{name: rounded[name].where(of_people, rows[name]) for name in columns})


def people(n: int, run: Run) -> str:
    """Write a number of people as the gate allows."""
    return (
        formats.count(run.rules.rounded(float(n)))
        if n >= run.rules.threshold
        else _("fewer than {n}").format(n=run.rules.threshold)
    )
