"""Whether satisfaction matters in money: buying again and spend, at equal behaviour before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.reporting import (
    Shown,
    estimate,
    figure,
    folded,
    gate,
    label,
    note,
    palette,
    people,
    rate,
    record_headlines,
    show_all,
)
from crmlib.reporting.figures import dots
from crmlib.satisfaction.evidence import Gap, percent, source
from crmlib.satisfaction.measures import BOUGHT_AGAIN, CHAPTER
from crmlib.satisfaction.worth.afterwards import KEPT, REST, TOOK, TOP
from crmlib.satisfaction.worth.basis import basis, table_of_groups
from crmlib.satisfaction.worth.words import (
    answers_title,
    if_cause_words,
    limits_words,
    money_words,
    raw_words,
    returns_title,
    scale_words,
    spend_words,
    top_name,
)
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.satisfaction.study import Study
    from crmlib.satisfaction.worth.afterwards import Afterwards
    from crmlib.stats import Estimate
    from crmlib.workspace import Run


def show_afterwards(found: Study, run: Run) -> Shown:
    """Show who bought again by score, raw and adjusted, and what it is in money; record the adjusted difference."""
    bought = found.afterwards
    if isinstance(bought, Gap):
        return bought.show()
    again = bought.top.oftener(TOP, REST).adjusted
    days = f"{run.params.satisfaction.horizon_days}"
    record_headlines([BOUGHT_AGAIN.headline(again, told={"days": days})], run, CHAPTER)
    words = [scale_words(bought.shape), money_words(bought, run)]
    detail = [*basis(bought.top, run), note(raw_words(bought, run), if_cause_words(bought, found.now.returners, run))]
    tables = [] if bought.kinds is None else [table_of_groups(bought.kinds, run, _("By recommendation"))]
    return show_all(
        _picture(bought, again, run),
        note(*(sentence for sentence in words if sentence)),
        folded(_("In money by recommendation, and how customers were compared"), *tables, *detail),
    )


def show_after_returns(found: Study, run: Run) -> Shown:
    """Say whether customers who took something back bought again and what they spent, at equal behaviour before."""
    bought = found.after_returns
    if isinstance(bought, Gap):
        return bought.show()
    again, money = bought.oftener(TOOK, KEPT), bought.more(TOOK, KEPT)
    words = _(
        "As observed {x:gap:point} points lie between them ({x:gap:interval}): whoever buys often takes back often."
    )
    table = table_of_groups(bought, run, _("After a year with a return, and without"))
    spend = spend_words(money.adjusted, run, _("Customers who took something back"), _("others"))
    return show_all(
        note(returns_title(again.adjusted, run) + "."),
        folded(
            _("After a return: as observed, in money, and how customers were compared"),
            note(run.say(words, x=again.raw), spend), table, *basis(bought, run),
        ),
    )  # fmt: skip


def _picture(bought: Afterwards, again: Estimate, run: Run) -> Shown:
    days = run.params.satisfaction.horizon_days
    compared = bought.scores if bought.scores.bought is not None else bought.top
    rows = compared.rows()
    rows = rows[["group", "people", "returned", "adjusted", "adjusted_low", "adjusted_high"]]
    gated = gate(
        rows.assign(group=rows["group"].astype(str).replace({TOP: _("Top score"), REST: _("Others")})), run,
        label("group"), people("people"), people("returned"),
        rate("share", per=("returned", "people"), decimals=0), estimate("adjusted", of="people", decimals=0),
    )  # fmt: skip
    alt = _("Dots, share that bought again by score, as observed and at equal behaviour before: {dots}.")
    return figure(
        _dots,
        gated,
        title=answers_title(again, run, top_name(bought, run)),
        alt=run.say(alt, dots=gated.listing(_("{group}: {share}, {adjusted}"))),
        read=run.say(
            _('Each row is a score of "{score}": the light dot is the share that bought within {days:count} days, the '
              "dark one that share had all behaved alike before."),
            score=score_name(bought.score), days=days,
        ),
        limits=limits_words(compared, run),
        source=source(run, _("survey answers and later purchases"), int(rows["people"].sum())),
        size=(7.2, 1.0 + 0.42 * len(rows)),
    )  # fmt: skip


def _dots(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the share that bought again as observed (light) and, over it, at equal behaviour before."""
    unit = _("Bought again (% of the customers)")
    frame = percent(percent(frame, "share"), "adjusted")
    dots(axes, frame, label="group", value="share", unit=unit, colour=palette.CONTEXT)
    dots(
        axes, frame, label="group", value="adjusted", low="adjusted_low", high="adjusted_high", unit=unit,
        written="number0",
    )  # fmt: skip
