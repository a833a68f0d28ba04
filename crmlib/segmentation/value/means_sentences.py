"""The words of the held-out means: which groups of customers the model got right, and which it did not."""

import pandas as pd

from crmlib.segmentation.value.holdout import MOST_FREQUENT, Judged
from crmlib.segmentation.value.wording import chosen_label, held_out_weeks
from crmlib.segmentation.wording import Words, share, source_of
from crmlib.stats.skewed import ENOUGH_CUSTOMERS
from crmlib.words import _, formats, plural
from crmlib.workspace import Run


def held_out_means(means: pd.DataFrame, judged: Judged, run: Run) -> Words:
    """Give the words around the held-out means by frequency.

    Parameters
    ----------
    means
        From :func:`crmlib.segmentation.value.holdout.purchases_by_frequency`.
    judged
        What was held out, and the chosen model.
    run
        The run.
    """
    return {
        "title": _title(means),
        "alt": _alt(means, judged),
        "read": _(
            "Each pair of dots is a group of customers, n the number of them; the line is the 95 % interval of what "
            "was made."
        ),
        "limits": _limits(means, judged),
        "source": source_of(run, len(judged.held.actual), "customers"),
    }


def _title(means: pd.DataFrame) -> str:
    """Say which groups lie outside the interval of what they made: one by its name, more by how many."""
    told = means[means["low"].notna()]
    if told.empty:
        return _("The groups are too small to hold the expectation against what was made")
    more, less = told["expected"] < told["low"], told["expected"] > told["high"]
    off, right = int((more | less).sum()), int((~(more | less)).sum())
    if off == 0:
        words = plural(
            "In the one group that can be told the expectation lies within the error of what was made",
            "In all {n} groups the expectation lies within the error of what was made",
            right,
        )
        return words.format(n=right)
    if off == 1:
        return _one_off(told[more | less].iloc[0], means, right)
    if more.any() and less.any():
        words = _("Of {n} groups {more} bought more than expected and {less} less")
        return words.format(n=len(told), more=int(more.sum()), less=int(less.sum()))
    return _one_way(told[more | less], means, right, more=bool(more.any()))


def _one_off(row: pd.Series, means: pd.DataFrame, right: int) -> str:
    """Name the one group that the model got wrong, what part of all purchases it makes, and by how much."""
    way = _("underrated") if row["expected"] < row["actual"] else _("overrated")
    said = _("{group} were {way} by {size}").format(
        group=_group(row, means), way=way, size=share(abs(row["expected"] / row["actual"] - 1))
    )
    if right == 0:
        return said
    others = plural("the other group agrees", "the other {n} groups agree", right).format(n=right)
    return _("{said}; {others}").format(said=said, others=others)


def _group(row: pd.Series, means: pd.DataFrame) -> str:
    """Name a group by its repeat purchases, with its part of the purchases made."""
    n = int(row["frequency"])
    name = plural("Customers with one repeat purchase ({part})", "Customers with {n} repeat purchases ({part})", n)
    if n == 0:
        name = _("Customers without a repeat purchase ({part})")
    if n == MOST_FREQUENT:
        name = _("The most frequent buyers ({n} or more, {part})")
    return name.format(n=n, part=_("{share} of purchases").format(share=share(_part(means, row["frequency"]))))


def _part(means: pd.DataFrame, *frequencies: int) -> float:
    """Give the part of all purchases made in the held-out time that some groups made."""
    made = means["actual"] * means["customers"]
    return float(made[means["frequency"].isin(frequencies)].sum() / made.sum())


def _one_way(off: pd.DataFrame, means: pd.DataFrame, right: int, *, more: bool) -> str:
    """Say how many groups the model got wrong where it got all of them wrong the same way."""
    which = _("{off} of {n} groups, with {share} of the purchases,").format(
        off=len(off), n=len(off) + right, share=share(_part(means, *off["frequency"]))
    )
    which = {0: _("All groups"), 1: _("All groups but one")}.get(right, which)
    words = _("{which} bought more than expected") if more else _("{which} bought less than expected")
    return words.format(which=which)


def _alt(means: pd.DataFrame, judged: Judged) -> str:
    """Describe the picture, with the numbers of the group that made most of the purchases and can be told."""
    said = _("Dots by repeat purchases before {day}: mean purchases after it, made and expected by {model}.")
    said = said.format(day=formats.day(judged.split), model=chosen_label(judged))
    told = means[means["low"].notna()]
    if told.empty:
        return said
    row = told.loc[(told["actual"] * told["customers"]).idxmax()]
    words = _("{group}: {made} made, {expected} expected.")
    made, expected = (formats.fixed(row[name], 2) for name in ("actual", "expected"))
    return f"{said} {words.format(group=_group(row, means), made=made, expected=expected)}"


def _limits(means: pd.DataFrame, judged: Judged) -> str:
    """Say how long the held-out time is, and why a group has no interval where one has none."""
    said = [_("One held-out time of {weeks}: a season in it moves all groups together.")]
    blank = means["low"].isna()
    if (blank & (means["customers"] < ENOUGH_CUSTOMERS)).any():
        said.append(_("Below {n} customers there is no interval."))
    if (blank & (means["customers"] >= ENOUGH_CUSTOMERS)).any():
        said.append(_("Where all did the same there is no interval."))
    return " ".join(said).format(weeks=held_out_weeks(judged), n=ENOUGH_CUSTOMERS)
