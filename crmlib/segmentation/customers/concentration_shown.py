"""How unequal customers are in revenue, as the page shows it."""

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.privacy.rules import largest_part
from crmlib.reporting import Shown, Shows, insufficient, table
from crmlib.segmentation.customers import sentences
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.stats.concentration import gini, top_share
from crmlib.words import _
from crmlib.workspace import Run

TOPS = (0.01, 0.1, 0.2)


def show_concentration(base: CustomerBase, run: Run) -> Shown:
    """Show how much of revenue the biggest customers brought, and how unequal customers are in all."""
    if len(base.now) < run.rules.threshold:
        return insufficient(
            needed=_("at least {n} known customers").format(n=run.rules.threshold),
            found=_("fewer"),
            therefore=_("No concentration is shown."),
        )
    spend = base.now["spend"].to_numpy()
    rows = [(part, int(part * len(spend)), top_share(spend, part)) for part in TOPS]
    frame = pd.DataFrame({
        "name": [*(_("Top {part} % of customers, share of revenue").format(part=f"{100 * p:g}") for p, _n, _e in rows),
                 _("Gini coefficient (0 all equal, 1 all from one)")],
        "people": [*(n for _p, n, _e in rows), len(spend)],
        "value": [*(e.value for _p, _n, e in rows), gini(spend).value],
        "low": [*(e.low for _p, _n, e in rows), gini(spend).low],
        "high": [*(e.high for _p, _n, e in rows), gini(spend).high],
        "kind": [*("share" for _row in rows), "number"],
        "largest": [*(largest_part(np.sort(spend)[len(spend) - n :]) for _p, n, _e in rows), 0.0],
    })  # fmt: skip
    run.write("concentration", frame.drop(columns=["kind", "largest"]).assign(part=[*TOPS, float("nan")]), by=["part"])
    numbers = ["value", "low", "high"]
    data = disclose(
        frame, labels=["name", "kind"], based_on=dict.fromkeys(numbers, "people"), measures=numbers,
        largest=dict.fromkeys(numbers, "largest"), rules=run.rules,
    )  # fmt: skip
    columns = {"name": Shows(_("Measure")), "value": Shows(_("Value"), "share", "low", "high", kind_from="kind")}
    return table(data, sentences.concentration(data.frame["value"].iloc[TOPS.index(0.1)]), columns)
