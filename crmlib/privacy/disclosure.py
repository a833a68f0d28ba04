"""The disclosure gate: what may be said about groups of people, and what is too few to show.

The rule is the 10-5 rule of official statistics: a count of fewer than ten people is hidden, every other count of
people is rounded to the nearest five, whatever was computed from fewer than ten people is hidden too, and where one
hidden cell could be computed back from a total, a second cell is hidden with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmlib.privacy.proportions import add_means, add_range, add_shares
from crmlib.privacy.rules import DOMINANCE, DisclosureRules, partitions, protect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from crmlib.privacy.rules import Mask, Numbers, Rows

__all__ = ["Disclosed", "DisclosureRules", "disclose"]

PSEUDONYM = r"c[0-9a-f]{16}"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A frame that has passed the gate, the only thing that tables and figures accept.

    Attributes
    ----------
    frame
        Hidden cells are missing, counts of people rounded.
    mask
        True where the gate hid a cell (missing cells of the input are False here: not observed).
    totals
        The total of each column of counts, rounded as a count of people (missing where it is itself too small).
    """

    frame: pd.DataFrame
    mask: pd.DataFrame
    totals: Mapping[str, int | None] = field(default_factory=dict)
    rules: DisclosureRules = field(default_factory=DisclosureRules)

    @property
    def hidden(self) -> int:
        """The number of cells the gate has hidden."""
        return int(self.mask.to_numpy().sum())


def disclose(
    frame: pd.DataFrame,
    *,
    labels: Sequence[str] = (),
    counts: Sequence[str] = (),
    based_on: str | Mapping[str, str] | None = None,
    measures: Sequence[str] = (),
    exact: Sequence[str] = (),
    shares: Mapping[str, str | tuple[str, str]] | None = None,
    ranges: Sequence[str] = (),
    means: Mapping[str, tuple[str, str]] | None = None,
    largest: Mapping[str, str] | None = None,
    totals: bool = False,
    rules: DisclosureRules | None = None,
) -> Disclosed:
    """Let a frame about groups of people through the gate, cell by cell.

    Every column is declared, so that nothing passes unseen; the caller's frame is not changed. Columns stay in their
    order, counts become floats with missing where hidden.

    Parameters
    ----------
    frame
        One row a group (a segment, a month, a pair of segments).
    labels
        What names the group. Pseudonyms of people are refused.
    counts
        Numbers of people: hidden below the threshold, else rounded to the base.
    based_on
        The column with the number of people that the measures and exact columns of a row rest on, or one such column
        for each (`{"churn_rate": "scored", …}`). One named here and nowhere else steers the gate and is left out.
    measures
        Computed from people (means, rates, interval ends): hidden where they rest on fewer than the threshold.
        They need `based_on`.
    exact
        Lines, orders, units, totals of money: hidden only where `based_on` says that they rest on too few people.
    shares
        New columns computed inside the gate from rounded counts, since an exact percentage gives the exact count away:
        `{"share": "customers"}` is the share of the column's total, `{"rate": ("buyers", "customers")}` one count over
        another.
    ranges
        Those of the shares that get an interval (Wilson's, 95 %) from the same rounded counts, as new columns
        `<share>_low` and `<share>_high`.
    means
        New columns, a total divided by the rounded number of people: `{"spend_each": ("spend", "customers")}`.
    largest
        For a column of money, the column with the largest single person's part of it (0 to 1): cells in which one
        person holds more than half are hidden (dominance). Those columns are left out.
    totals
        Whether the reader can see the totals over any one label: then no hidden cell stands alone, and the hidden cells
        of a total are together at least the threshold (Hundepool et al., Statistical Disclosure Control, Wiley 2012,
        chapter 4).
    rules
        Threshold and base; the defaults are 10 and 5.

    Raises
    ------
    ValueError
        If a column is not declared, declared twice or not there; if a count is negative; if a label is a pseudonym.

    Examples
    --------
    >>> import pandas as pd
    >>> segments = pd.DataFrame({"segment": ["loyal", "lost"], "customers": [213, 4], "spend": [9e4, 90.0]})
    >>> shown = disclose(segments, labels=["segment"], counts=["customers"], based_on="customers", exact=["spend"])
    >>> shown.frame
      segment  customers    spend
    0   loyal      215.0  90000.0
    1    lost        NaN      NaN
    """
    rules = rules or DisclosureRules()
    steering = _steering(based_on, [*measures, *exact])
    dominant = dict(largest or {})
    aside = {*steering.values(), *dominant.values()} - {*labels, *counts, *measures, *exact}
    _check_declared(frame, [*labels, *counts, *measures, *exact], aside)
    _check_measures(measures, steering)
    _check_labels(frame, labels)
    sums = partitions(frame, labels) if totals else []
    hidden = {name: _hidden_people(frame, name, sums, rules) for name in dict.fromkeys([*counts, *steering.values()])}
    masks = {name: hidden[name] for name in counts} | {name: hidden[people] for name, people in steering.items()}
    for name, part in dominant.items():
        masks[name] = _hide_dominated(frame, name, part, masks.get(name), sums)
    shown, mask = _apply(frame, [c for c in frame.columns if c not in aside], counts, masks, rules)
    shown_totals = {name: rules.rounded(float(_people(frame, name).sum())) for name in counts}
    add_shares(shown, mask, shares or {}, shown_totals)
    for name in ranges:
        add_range(shown, mask, name, (shares or {})[name], shown_totals)
    add_means(shown, mask, means or {})
    return Disclosed(frame=shown, mask=mask, totals=shown_totals, rules=rules)


def _steering(based_on: str | Mapping[str, str] | None, columns: Iterable[str]) -> dict[str, str]:
    """Give the column with the number of people for each measure and exact column."""
    if based_on is None:
        return {}
    if isinstance(based_on, str):
        return dict.fromkeys(columns, based_on)
    return dict(based_on)


def _check_declared(frame: pd.DataFrame, declared: list[str], aside: set[str]) -> None:
    """Refuse a column that no one vouched for: silence is how personal data gets out."""
    columns = list(frame.columns)
    missing = sorted({*declared, *aside} - set(columns))
    if missing:
        raise ValueError(f"declared but not in the frame: {', '.join(missing)}; it has {', '.join(map(str, columns))}")
    undeclared = [str(c) for c in columns if c not in {*declared, *aside}]
    if undeclared:
        raise ValueError(
            f"not declared: {', '.join(undeclared)}; name every column under labels, counts, measures or exact, "
            "or drop it"
        )
    twice = sorted({c for c in declared if declared.count(c) > 1} | {str(c) for c in columns if columns.count(c) > 1})
    if twice:
        raise ValueError(f"declared or present twice: {', '.join(twice)}")


def _check_measures(measures: Sequence[str], steering: Mapping[str, str]) -> None:
    """Refuse a measure of which nobody said on how many people it rests."""
    loose = [name for name in measures if name not in steering]
    if loose:
        raise ValueError(
            f"measures without the number of people they rest on: {', '.join(loose)}; say based_on=<column>, "
            "or declare them exact if they are not about people"
        )


def _check_labels(frame: pd.DataFrame, labels: Sequence[str]) -> None:
    """Refuse a label that stands for one person."""
    for name in labels:
        values = frame[name].dropna()
        if len(values) and values.astype(str).str.fullmatch(PSEUDONYM).any():
            raise ValueError(
                f"the label {name} holds pseudonyms of single people: they belong in lists, never on a page"
            )


def _people(frame: pd.DataFrame, name: str) -> Numbers:
    """Read a column of numbers of people."""
    people: Numbers = frame[name].to_numpy(dtype="float64", na_value=float("nan"))
    if (people < 0).any():
        raise ValueError(f"{name} is declared a number of people and has negative values")
    return people


def _hidden_people(frame: pd.DataFrame, name: str, sums: Sequence[Rows], rules: DisclosureRules) -> Mask:
    """Find the cells of a count that are hidden, with those hidden to protect them."""
    people = _people(frame, name)
    return protect(people, people < rules.threshold, sums, rules.threshold)


def _hide_dominated(frame: pd.DataFrame, name: str, part: str, mask: Mask | None, sums: Sequence[Rows]) -> Mask:
    """Hide totals of money of which one person holds more than half."""
    import numpy as np

    dominated: Mask = frame[part].to_numpy(dtype="float64", na_value=0.0) > DOMINANCE
    hidden = dominated if mask is None else mask | dominated
    if not dominated.any():
        return hidden
    size = np.abs(frame[name].to_numpy(dtype="float64", na_value=float("nan")))
    return protect(size, hidden, sums, 0)


def _apply(
    frame: pd.DataFrame,
    columns: list[str],
    counts: Sequence[str],
    masks: Mapping[str, Mask],
    rules: DisclosureRules,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Blank what is hidden and round what is counted, in a new frame."""
    import numpy as np
    import pandas as pd

    shown = frame.loc[:, columns].reset_index(drop=True)
    mask = pd.DataFrame(False, index=shown.index, columns=shown.columns)  # noqa: FBT003 - the fill value
    for name in counts:
        people = _people(frame, name)
        shown[name] = np.maximum(np.floor(people / rules.base + 0.5) * rules.base, rules.smallest)
    for name, hidden in masks.items():
        # what was missing already is not observed rather than hidden
        mask[name] = hidden & shown[name].notna().to_numpy()
        shown[name] = shown[name].where(~hidden)
    return shown, mask
