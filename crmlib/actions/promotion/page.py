"""Price and promotion on the page: what promotions added, what they gave away, and who buys on promotion alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from crmlib.actions.promotion.added import FALSE_DISCOVERIES, LEAST_ARTICLES
from crmlib.actions.promotion.weeks import ALL
from crmlib.reporting import Gated, Shown, exact, figure, folded, gate, label, note, nothing, show_all
from crmlib.reporting.figures import dots
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.actions.promotion.added import Promotions
    from crmlib.actions.study import Study
    from crmlib.workspace import Run

NOBODY: Final = "sums over articles: nobody's own spend"


def show_promotion(found: Study, run: Run) -> Shown:
    """Show by category what promotions sold beyond the usual; fold the money, and who buys on promotion alone."""
    promotions = found.promotions
    if promotions is None:
        return nothing(_("no line is on promotion, or too few articles tell"))
    gated = _gated(promotions, run)
    behind = [gated.only("category", "sales", "given", "lift", "after", "net").table(_caption(), note=_note())]
    said = note(*alone_words(promotions, run))
    if not len(gated):
        return show_all(note(promotion_title(promotions, run) + "."), said)
    return show_all(
        figure(
            _draw, gated,
            title=promotion_title(promotions, run),
            alt=run.say(_("Units beyond the usual by category: {rows}."), rows=gated.listing("{category} {lift}")),
            read=_("A dot says how much more of the category's articles sold on promotion than usually in such a week, "
                   "its line the 95 % interval."),
            limits=_("An observation: who plans promotions chooses articles and weeks."),
            source=run.say(_("order lines up to {day:day}, n = {n:count} articles"), day=run.as_of - timedelta(days=1),
                           n=int(promotions.categories["articles"].sum())),
            size=(7.2, 1.0 + 0.32 * len(gated)),
        ),
        folded(_("What was given away and won, the week after, and who buys on promotion alone"), *behind, said),
    )  # fmt: skip


def promotion_title(promotions: Promotions, run: Run) -> str:
    """Say how much more promotions sold, and whether that was worth what they gave away."""
    lift = promotions.lift
    if not lift.excludes(0):
        return run.say(_("Articles on promotion sold no more than usual beyond chance ({lift:share0})"), lift=lift)
    words = _("Articles on promotion sold {lift:share0} more than usual; {paid}")
    if lift.value < 0:
        words = _("Articles on promotion sold {lift:share0} less than usual; {paid}")
    return run.say(words, lift=abs(lift), paid=_paid(promotions, run))


def _paid(promotions: Promotions, run: Run) -> str:
    """Say whether the extra margin paid for the discount on what would have sold anyway."""
    net = promotions.net
    if not net.is_known:
        words = _("the discount on what would have sold anyway was {given:money0}")
        return run.say(words, given=promotions.given)
    words = _("whether that paid for the discount is open")
    if net.excludes(0):
        words = _("their margin was {net:money0} less than without the promotion")
        if net.value > 0:
            words = _("their margin was {net:money0} more than without the promotion")
    return run.say(words, net=abs(net))


def alone_words(promotions: Promotions, run: Run) -> list[str]:
    """Say how many buy on promotion alone, beside what chance makes, and whether sales were only pulled forward."""
    said = []
    if not run.too_few(promotions.several):
        words = _("{n:people} of {all:people} customers of several orders bought on promotion alone; chance would make "
                  "{by:count}.")  # fmt: skip
        if run.too_few(promotions.only):
            words = _("Hardly any of {all:people} customers of several orders bought on promotion alone.")
        said.append(run.say(words, n=promotions.only, all=promotions.several, by=round(promotions.by_chance)))
    after = promotions.after
    if after.is_known:
        words = _("In the week after, the same articles sold as usual ({after:share0:interval}).")
        if after.excludes(0):
            words = _(
                "In the week after, the same articles sold {size:share0} less than usual: part was pulled forward."
            )
            if after.value > 0:
                words = _("In the week after, the same articles still sold {size:share0} more than usual.")
        said.append(run.say(words, after=after, size=abs(after)))
    return said


def _gated(promotions: Promotions, run: Run) -> Gated:
    names = ["category", "articles", "sales", "given", "q"]
    ends = [f"{key}{end}" for key in ("lift", "after", "net") for end in ("", "_low", "_high")]
    rows = promotions.categories.reindex(columns=[*names, *ends])
    rows = rows.assign(sure=rows["q"] < FALSE_DISCOVERIES, category=rows["category"].replace(ALL, _("All articles")))
    return gate(
        rows.drop(columns="q"), run,
        label("category", _("Category")), label("sure"), exact("articles"),
        exact("sales", _("Sales on promotion"), "money", decimals=0, exempt=NOBODY),
        exact("given", _("Given away"), "money", decimals=0, exempt=NOBODY),
        exact("lift", _("More than usual"), "share", decimals=0, low="lift_low", high="lift_high"),
        exact("after", _("The week after"), "share", decimals=0, low="after_low", high="after_high"),
        exact("net", _("Won after discount"), "money", decimals=0, low="net_low", high="net_high", exempt=NOBODY,
              missing=_("costs not known")),
        *(exact(name) for name in ends if name.endswith(("low", "high"))),
    )  # fmt: skip


def _caption() -> str:
    return _("Promotions by category: units beside what the same articles usually sell in such a week")


def _note() -> str:
    words = _(
        "Of articles with a usual level, in weeks mostly on promotion. Given away: the discount on what would have "
        "sold anyway. Won: margin beyond that of the usual units at the usual price. The usual level is the article's "
        "own, off promotion, times the category's week; categories with fewer than {n} such articles are left out."
    )
    return words.format(n=LEAST_ARTICLES)


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    points = frame.assign(**{name: frame[name] * 100 for name in ("lift", "lift_low", "lift_high")})
    unit = _("Units on promotion beyond the usual, %")
    dots(axes, points, label="category", value="lift", low="lift_low", high="lift_high", unit=unit, reference=0,
         written="number0")  # fmt: skip
