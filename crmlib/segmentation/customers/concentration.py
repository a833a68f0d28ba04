"""How unequal customers are in revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import estimate, gate, insufficient, label, largest_part
from crmlib.stats.concentration import gini, top_share
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting import Shown
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

TOPS: Final = (0.01, 0.1, 0.2)


def concentration(spend: pd.Series) -> pd.DataFrame:
    """Estimate how much of revenue the biggest customers brought (``part`` of all) and, last, the Gini coefficient.

    Columns: ``part, people, value, low, high, largest`` (the biggest customer's part of that money).
    """
    money = np.sort(spend.to_numpy())
    rows = [(part, int(part * len(money)), top_share(money, part)) for part in TOPS]
    largest = [largest_part(money[len(money) - people :]) for _part, people, _share in rows]
    frame = pd.DataFrame(
        [(part, people, found.value, found.low, found.high)
         for part, people, found in [*rows, (float("nan"), len(money), gini(money))]],
        columns=["part", "people", "value", "low", "high"],
    )  # fmt: skip
    return frame.assign(largest=[*largest, 0.0])


def show_concentration(found: Study, run: Run) -> Shown:
    """Show how much of revenue the biggest customers brought, and how unequal customers are in all."""
    if run.too_few(len(found.base.now)):
        needed = run.say(_("at least {n:count} known customers"), n=run.fewest)
        return insufficient(needed=needed, found=_("fewer"), therefore=_("No concentration is shown."))
    frame = found.concentration
    tops = [run.say(_("Top {part} % of customers, share of revenue"), part=f"{100 * part:g}") for part in TOPS]
    named = frame.assign(name=[*tops, _("Gini coefficient (0 all equal, 1 all from one)")])
    run.write("concentration", named[["name", "people", "value", "low", "high", "part"]], by=["part"])
    gated = gate(
        named.drop(columns="part").assign(kind=[*("share" for _top in tops), "number"]), run,
        label("name", _("Measure")), label("kind"),
        estimate("value", _("Value"), of="people", largest="largest", low="low", high="high", kind_from="kind"),
    )  # fmt: skip
    tenth = gated.frame["value"].iloc[TOPS.index(0.1)]
    words = _("The tenth of customers with the highest spend brought {share:part} of revenue so far")
    caption = run.say(words, share=tenth) if pd.notna(tenth) else _("How revenue so far is spread over customers")
    return gated.table(caption)
