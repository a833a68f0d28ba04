"""How the period went, in words: its money beside that of other months, what its length did, and who bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.words import _, label_of, plural

if TYPE_CHECKING:
    from crmlib.workspace import Run

MATERIAL: Final = 0.005
"""Changes of the whole and of a day that are further apart are both told: the months differ in length."""

UNCHANGED: Final = 0.0005  # a smaller change is none
ENOUGH_CHANGES: Final = 6

MOVED: Final = 0.05
"""Where the known customers' share of sales moved by so much, that of the month before is said beside it."""


def period_in_words(months: pd.DataFrame, earlier: pd.DataFrame, run: Run) -> str:
    """Say how the period went: money, its change, and who bought; nothing of periods of too few buyers."""
    months, earlier = without_few(months, run), without_few(earlier, run)
    now = months.iloc[-1]
    if pd.isna(now["net"]):
        words = _("Fewer than {k:count} customers, each anonymous order counted as one, bought in {period}: no more is "
                  "said.")  # fmt: skip
        return run.say(words, k=run.fewest, period=run.period_label)
    then = None if earlier.empty else earlier.iloc[-1]
    return run.say(
        _("Net revenue of {period} was {money:money}{since}. {customers}."),
        period=run.period_label, money=now["net"],
        since="" if then is None else _beside_earlier(now, then, months, run), customers=_customers(now, then, run),
    )  # fmt: skip


def without_few(months: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Leave open the money of the months that too few people stand behind."""
    few = months["buyers"].map(run.too_few).astype(bool)
    return months.assign(net=months["net"].mask(few), net_per_day=months["net_per_day"].mask(few))


def comparable(now: float, before: float) -> bool:
    """Say whether a change of money can be told in per cent: of nothing, or across nothing, it says nothing."""
    return now >= 0 and before > 0


def cut_short(then: pd.Series, run: Run) -> bool:
    """Say whether the data begin only within the month before, so that it is not seen as far as it was meant to be."""
    return bool(then["days"] < (pd.Timestamp(run.previous_as_of) - then["month"]).days)


def _customers(now: pd.Series, then: pd.Series | None, run: Run) -> str:
    if run.too_few(now["active"]):
        return run.say(_("Fewer than {k:count} known customers bought"), k=run.fewest)
    return run.say(
        _("{active:people} known customers ({share:part} of sales{before}) bought, {new:people} of them new"),
        active=now["active"], share=now["identified_share"], new=now["new"],
        before="" if then is None else _share_before(now, then, run),
    )  # fmt: skip


def _share_before(now: pd.Series, then: pd.Series, run: Run) -> str:
    hidden = pd.isna(then["net"]) or run.too_few(float(then["active"]))
    if hidden or not abs(now["identified_share"] - then["identified_share"]) >= MOVED:
        return ""
    whole = run.as_of.day == 1
    words = _(", {share:part} the month before") if whole else _(", {share:part} in the same days a month earlier")
    return run.say(words, share=then["identified_share"])


def _beside_earlier(now: pd.Series, then: pd.Series, months: pd.DataFrame, run: Run) -> str:
    """Put the money of a period beside that of a year ago and of the month before; it follows the sum itself."""
    ago = _year_ago(months, now)
    year = "" if ago is None else _against(run, now["net"], ago["net"], label_of(_next_month(ago["month"])))
    if pd.isna(then["net"]):
        few = run.say(_("; too few bought in {when} to compare it with that"), when=_when(now, then, run))
        return (run.say(_(": {year}"), year=year) if year else "") + few
    before = _against(run, now["net"], then["net"], _when(now, then, run)) + _why(now, then, months, run)
    if ago is None:
        return run.say(_(": {before}"), before=before)
    same = np.sign(now["net"] - ago["net"]) == np.sign(now["net"] - then["net"])
    words = _(": {year} and {before}") if same else _(": {year}, but {before}")
    return run.say(words, year=year, before=before)


def _against(run: Run, now: float, then: float, when: str) -> str:
    """Say how far money lies above or below that of another time: in per cent, or as an amount across nothing."""
    if abs(now - then) <= UNCHANGED * abs(then):
        return run.say(_("as much as in {when}"), when=when)
    size = run.say("{x:money}", x=abs(now - then))
    if comparable(now, then):
        size = run.say("{x:part}", x=abs(now / then - 1))
    return run.say(_("{size} above {when}") if now > then else _("{size} below {when}"), size=size, when=when)


def usual_changes(months: pd.DataFrame) -> pd.Series:
    """Give the changes of revenue a day from month to month before the last, up to twelve, of whole months only."""
    daily = months["net_per_day"].where(~months["partial"])
    changes = daily / daily.shift().where(lambda money: money > 0) - 1
    return changes.iloc[:-1].dropna().tail(12)


def _year_ago(months: pd.DataFrame, now: pd.Series) -> pd.Series | None:
    ago = months[(months["month"] == now["month"] - pd.DateOffset(years=1)) & ~months["partial"]]
    return None if now["partial"] or ago.empty or pd.isna(ago["net"].iloc[0]) else ago.iloc[0]


def _next_month(month: pd.Timestamp) -> pd.Timestamp:
    return month + pd.DateOffset(months=1)


def _month_name(month: pd.Timestamp, year: int) -> str:
    """Name a month, with its year where that is another one."""
    return label_of(_next_month(month)).removesuffix(f" {year}")


def _when(now: pd.Series, then: pd.Series, run: Run) -> str:
    month, days = _month_name(then["month"], now["month"].year), int(then["days"])
    if cut_short(then, run):
        words = plural("the one day of {month} in the data", "the {n:count} days of {month} in the data", days)
        return run.say(words, n=days, month=month)
    return month if run.as_of.day == 1 else run.say(_("the same days of {month}"), month=month)


def _why(now: pd.Series, then: pd.Series, months: pd.DataFrame, run: Run) -> str:
    """Say what of a change the length of the months made, how a day changed, and how much months changed before."""
    daily, cause = "", ""
    if comparable(now["net"], then["net"]):
        whole, day = now["net"] / then["net"] - 1, now["net_per_day"] / then["net_per_day"] - 1
        if abs(whole - day) >= MATERIAL:
            daily = _("the same per day")
            if abs(day) > UNCHANGED:
                daily = run.say(_("{change:change} per day"), change=day)
            if run.as_of.day == 1 and not cut_short(then, run):
                cause = _cause(whole, day, now, then, run)
    usual = _usual(months, now, run, alone=not daily)
    inside = run.say(_("{daily}, where {usual}"), daily=daily, usual=usual) if daily and usual else daily or usual
    return cause + (run.say(_(" ({words})"), words=inside) if inside else "")


def _cause(whole: float, day: float, now: pd.Series, then: pd.Series, run: Run) -> str:
    """Say that the length of the month made most of a change, or all of it, where it did."""
    if whole == 0 or day / whole >= 0.5:
        return ""
    alone = abs(day) <= UNCHANGED or day / whole < 0
    words = _(", only because {month} has {days}") if alone else _(", most of that because {month} has {days}")
    n = int(now["days"] - then["days"])
    more = plural("a day more", "{n:count} days more", n) if n > 0 else plural("a day less", "{n:count} days fewer", -n)
    return run.say(words, month=_month_name(now["month"], now["month"].year), days=run.say(more, n=abs(n)))


def _usual(months: pd.DataFrame, now: pd.Series, run: Run, *, alone: bool) -> str:
    usual = usual_changes(months)
    if len(usual) < ENOUGH_CHANGES or now["partial"]:
        return ""
    words = _("the {n:count} months before moved by {low:change0} to {high:change0}{per_day}")
    return run.say(words, n=len(usual), low=usual.min(), high=usual.max(), per_day=_(" per day") if alone else "")
