"""Whether customers won come back, as the page shows it."""

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, figure, insufficient
from crmlib.segmentation.cohorts import figures, sentences
from crmlib.words import _
from crmlib.workspace import Run


def show_cohorts(cells: pd.DataFrame, run: Run) -> Shown:
    """Show how many of the customers won in each month buy again in later ones."""
    cells = cells[cells["size"] >= run.rules.threshold]
    if not (cells["age"] > 0).any():
        return insufficient(
            needed=_("{n} customers won in one month, at least a month before the end of the data").format(
                n=run.rules.threshold
            ),
            found=_("none"),
            therefore=_("No cohorts are shown."),
        )
    data = disclose(
        cells[["cohort", "age", "partial", "size", "active"]],
        labels=["cohort", "age", "partial"],
        counts=["size", "active"],
        shares={"retention": ("active", "size")},
        rules=run.rules,
    )
    height = 1.1 + 0.27 * cells["cohort"].nunique()
    return figure(figures.cohort_grid, data, **sentences.cohorts(cells, run), size=(7.2, height))
