"""Which stores to visit: those with more complaints than chance explains, or scored below the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crmlib.reporting import Shown, estimate, gate, label, note, nothing, people
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.service.rates import ABOVE
from crmlib.satisfaction.service.rates_shown import store_names
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run


def stores_to_visit(rates: pd.DataFrame, below: AbstractSet[str], waits: pd.DataFrame | None) -> pd.DataFrame:
    """Name the stores with more complaints than chance explains or among those scored below: most complaints first.

    `name, people` (who complained), `rate` (per 1,000 orders), `open` (complaints that wait), `above, below` (more
    complaints than chance explains; a score below the others).
    """
    stores = rates[rates["kind"] == "store"].set_index("name")
    above = set(stores.index[stores["stands"] == ABOVE])
    still = pd.Series(dtype="int64") if waits is None else waits.loc[~waits["settled"], "store_id"].value_counts()
    names = pd.Series(sorted(above | below), dtype="str")
    told = stores.reindex(names)[["people", "rate", "rate_low", "rate_high"]].reset_index(drop=True)
    found = told.assign(name=names, open=still.reindex(names).fillna(0).astype("int64").to_numpy())
    found = found.assign(
        above=names.isin(above), below=names.isin(below), people=found["people"].fillna(0).astype("int64")
    )
    return found.sort_values(["rate", "name"], ascending=[False, True], ignore_index=True)


def show_visits(found: Study, run: Run) -> Shown:
    """Show the stores to visit and why."""
    stores = found.visits
    if found.complaint_rates.empty and found.now.survey is None:
        return nothing(_("neither complaints nor answers tell of stores"))
    if stores.empty:
        return note(_("No store stands apart by complaints or by score: none needs a visit before the others."))
    why = [
        "; ".join([_("more complaints than chance explains")] * more + [_("scored below the others")] * less)
        for more, less in zip(stores["above"].astype(int), stores["below"].astype(int), strict=True)
    ]
    gated = gate(
        stores.assign(why=why, name=stores["name"].replace(store_names(run))).drop(columns=["above", "below"]), run,
        label("name", _("Store to visit")), label("why", _("Why")), people("people"),
        estimate("rate", _("Complaints per 1,000 orders"), "number", of="people", decimals=0),
        people("open", _("Open")),
    )  # fmt: skip
    return gated.table(run.say(_("Stores to visit, by the last {days:count} days"), days=YEAR))
