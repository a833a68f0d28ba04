"""What a comparison rests on: the groups in numbers, what was held equal, how alike the groups became."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.adjustment.history import COVARIATES
from crmlib.adjustment.weighting import MOST_WEIGHT
from crmlib.reporting import Shown, estimate, gate, label, note, people, rate
from crmlib.satisfaction.worth.afterwards import KEPT, REST, TOOK, TOP
from crmlib.stats.sampling import MOST
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.adjustment.compared import Compared
    from crmlib.workspace import Run


def names() -> dict[str, str]:
    """Put the groups into words."""
    return {
        TOP: _("Top score"), REST: _("Others"), TOOK: _("Took something back"), KEPT: _("Took nothing back"),
        "promoters": _("Promoters"), "passives": _("Passives"), "detractors": _("Detractors"),
    }  # fmt: skip


def table_of_groups(compared: Compared, run: Run, title: str) -> Shown:
    """Show share and spend of the groups, as observed and at equal behaviour before."""
    rows = compared.rows()
    gated = gate(
        rows.assign(group=rows["group"].astype(str).replace(names())), run,
        label("group", _("Group")), people("people", _("Customers")), people("returned"),
        rate("share", _("Bought again"), per=("returned", "people"), decimals=0),
        estimate("adjusted", _("The same, equal before"), of="people", decimals=0),
        estimate("spend", _("Spend a customer"), "money", of="people", largest="largest", decimals=0),
        estimate(
            "adjusted_spend", _("The same, equal before"), "money", of="people", largest="largest", decimals=0,
            missing=_("cannot be told"),
        ),
    )  # fmt: skip
    days = run.params.satisfaction.horizon_days
    return gated.table(run.say(_("{title}: bought within {days:count} days"), title=title, days=days))


def basis(compared: Compared, run: Run) -> list[Shown]:
    """Show what was held equal and how alike the groups became, and say how and on what condition."""
    weighting = compared.weighting
    if weighting is None:
        return []
    rows = weighting.balance().assign(people=len(compared.names))
    rows["covariate"] = [_(COVARIATES[name]) for name in rows["covariate"]]
    gated = gate(
        rows, run, label("covariate", _("Held equal")),
        estimate("before", _("Before weighting"), "number", of="people", decimals=2),
        estimate("after", _("After"), "number", of="people", decimals=2),
    )  # fmt: skip
    worth = run.say("{worth:list}", worth=[
        run.say("{group}: {n:people}", group=names().get(group, group), n=n)
        for group, n in zip(weighting.groups, weighting.effective(), strict=True)
    ])  # fmt: skip
    said = [
        _("Doubly robust: each customer weighs one over the chance of being in the own group, and a regression takes "
          "what is left; the figures are right if either model is."),
        _("They are cause only if nothing unrecorded moves both group and purchases (no unmeasured confounder); no "
          "data can show that."),
        run.say(_("{alone:share0} of the customers have hardly anybody like them in another group; weights are cut at "
                  "{most:count} times the mean. Equal customers that the weighted groups are worth: {worth}."),
                most=int(MOST_WEIGHT), alone=weighting.alone, worth=worth),
        *([_("Not held equal: the tier. The extract knows it as of today, when purchases since may have moved it.")]
          if run.has("customers") and "tier" in run.table("customers").columns else []),
        *([run.say(_("Estimated on {n:count} customers, drawn by a hash of their pseudonyms."), n=MOST)]
          if len(compared.names) >= MOST else []),
    ]  # fmt: skip
    return [
        gated.table(_("Largest distance of a group from all, in standard deviations (below 0.1 is alike)")),
        note(*said),
    ]
