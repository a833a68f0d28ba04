"""How the prediction moves with a group of features, everything else left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.churn.evidence import source
from crmlib.churn.why.reasons import probabilities
from crmlib.reporting import Shown, estimate, figure, gate, label, palette, people
from crmlib.reporting.figures import write_ticks
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.churn.study import Study
    from crmlib.churn.why.reasons import Explained
    from crmlib.churn.why.shapley import Predict
    from crmlib.workspace import Run

PARTS: Final = 10
GIVERS: Final = 10
"""So many customers of each part lend their values."""
TAKERS: Final = 200
"""So many customers take them."""


def partial_dependence(
    predict: Predict, customers: pd.DataFrame, columns: Sequence[str], lead: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Give customers the values that others have in some columns, and say what is predicted of them then on average.

    Friedman, Annals of Statistics 29, 2001, with the columns of a group moved together: what nobody can be, such as
    silent for longer than known, is never asked. Others are taken part by part, in the order of one of the columns.

    Parameters
    ----------
    predict
        Gives one number a row.
    customers
        Givers and takers are drawn of these.
    columns, lead
        What is moved, and the one of it that orders the customers: tenths, equal values together.

    Returns
    -------
    pandas.DataFrame
        ``at`` (median of the lead in a part), ``predicted``, ``customers`` (in the part).

    Examples
    --------
    >>> people = pd.DataFrame({"silence": np.arange(100.0), "spend": 1.0})
    >>> found = partial_dependence(
    ...     lambda rows: rows["silence"].to_numpy() / 100, people, ["silence"], "silence", np.random.default_rng(1)
    ... )
    >>> len(found), bool(found["predicted"].is_monotonic_increasing), int(found["customers"].sum())
    (10, True, 100)
    """
    part = pd.qcut(customers[lead], PARTS, labels=False, duplicates="drop")
    takers = _drawn(customers, TAKERS, rng)
    rows = []
    for _part, there in customers.groupby(part.fillna(0).to_numpy()):
        givers = _drawn(there, GIVERS, rng)
        lent = givers[list(columns)].loc[givers.index.repeat(len(takers))].reset_index(drop=True)
        taking = pd.concat([takers] * len(givers), ignore_index=True).assign(**{name: lent[name] for name in columns})
        rows.append((float(there[lead].median()), float(np.mean(predict(taking))), len(there)))
    return pd.DataFrame(rows, columns=["at", "predicted", "customers"])


def _drawn(customers: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    if len(customers) <= most:
        return customers
    return customers.iloc[np.sort(rng.choice(len(customers), most, replace=False))]


LEADS: Final = {
    "rhythm": ("no_purchase_probability", N_("Chance of none by own history")),
    "trend": ("recent_purchase_days", N_("Purchase days in the last horizon")),
    "basket": ("average_order_value", N_("Money of an order")),
    "breadth": ("category_count", N_("Categories bought")),
    "promotions": ("promoted_share", N_("Share of orders on promotion")),
    "returns": ("returned_share", N_("Share of spend returned")),
    "service": ("complaint_count", N_("Complaints")),
    "satisfaction": ("satisfaction", N_("Last answer, against the mean")),
}
"""The column by which customers are put in the order of a group, and what it is."""
PANELS: Final = 3


def show_dependence(found: Study, made: Explained, strongest: Sequence[str], run: Run) -> Shown | None:
    """Show how the risk of active customers moves with the strongest groups; ``None`` where none has an order."""
    groups = [group for group in strongest if group in LEADS and LEADS[group][0] in made.active.columns][:PANELS]
    if not groups:
        return None
    predict = probabilities(made.learnt)
    parts = []
    for place, group in enumerate(groups):
        rng = np.random.default_rng([found.settings.seed, 33, place])
        part = partial_dependence(predict, made.active, made.groups[group], LEADS[group][0], rng)
        parts.append(part.assign(what=_(LEADS[group][1])))
    gated = gate(
        pd.concat(parts, ignore_index=True), run,
        label("what"), estimate("at", kind="number", of="customers"),
        estimate("predicted", of="customers", decimals=0), people("customers"),
    )  # fmt: skip
    return figure(
        _draw,
        gated,
        title=_("How the risk moves with what the score looks at most"),
        alt=run.say(_("Lines of the mean probability: {dots}."), dots=gated.listing("{what} {at}: {predicted}")),
        read=_(
            "Each dot is a part of the active customers, as large as there are many: the mean probability of all, had "
            "they the values of that part in the whole group."
        ),
        limits=_("It is what the model makes of it, not what would happen if it were changed."),
        source=source(found, run, len(made.active)),
        size=(7.2, 2.8),
        panels=(1, len(groups)),
    )


def _draw(panels: Any, frame: pd.DataFrame) -> None:
    """Draw the mean probability by each group's leading feature, all on one height."""
    axes = list(np.atleast_1d(panels))
    for place, (what, part) in enumerate(frame.groupby("what", sort=False)):
        axes[place].plot(part["at"], part["predicted"], color=palette.ACCENT)
        sizes = 120 * part["customers"].fillna(0) / max(frame["customers"].max(), 1)
        axes[place].scatter(part["at"], part["predicted"], s=sizes, color=palette.ACCENT, zorder=3)
        axes[place].set_xlabel(str(what))
        axes[place].margins(x=0.08)
        axes[place].set_ylim(0, 1)
        axes[place].locator_params(axis="x", nbins=4)
        write_ticks(axes[place].yaxis, "share")
    axes[0].set_ylabel(_("Mean probability to buy nothing"))
