"""Which features entered and which were left out, those with the same reason in one row."""

from collections.abc import Sequence

import pandas as pd

from crmlib.segmentation.found.behaviour import AMOUNTS
from crmlib.segmentation.found.transforms import Feature
from crmlib.segmentation.found.wording import feature_label, part_label, transform_label
from crmlib.words import _, formats


def feature_rows(features: Sequence[Feature]) -> pd.DataFrame:
    """Say of each group of features how it enters, and why.

    Returns
    -------
    pandas.DataFrame
        ``feature`` (their names), ``transform, why``; amounts of one transform, and the values of one part (all
        categories, all channels), stand together.

    Examples
    --------
    >>> shares = [Feature(f"channel: {name}", "channel", "root", 0, 0, prior=3, habit=0.5) for name in ("web", "app")]
    >>> feature_rows(shares)["feature"].tolist()
    ['Channel web, app']
    """
    groups: dict[tuple[str, str, str], list[Feature]] = {}
    for each in features:
        groups.setdefault((_kind(each), each.transform, each.dropped), []).append(each)
    rows = [(_names(part), transform_label(part[0].transform), _reason(part)) for part in groups.values()]
    return pd.DataFrame(rows, columns=["feature", "transform", "why"])


def _kind(feature: Feature) -> str:
    return "" if feature.name in AMOUNTS else feature.name.split(": ", 1)[0]


def _names(part: list[Feature]) -> str:
    if ": " in part[0].name:
        return part_label([each.name for each in part])
    return ", ".join(feature_label(each.name) for each in part)


def _reason(part: list[Feature]) -> str:
    """Say why features are transformed as they are, or left out."""
    first = part[0]
    if first.dropped:
        return _left_out(first)
    if first.transform == "root" and first.prior == 0:
        return _("main value of each customer, yes or no")
    if first.transform == "root":
        return _(
            "share drawn to the average by {n} orders, reliability {x}; the root evens out rare and common"
        ).format(n=formats.fixed(first.prior, 0), x=formats.fixed(first.habit, 2))
    before = _between([each.skewness for each in part])
    if first.transform == "none":
        return _("skewness {before}: not needed").format(before=before)
    return _("skewness {before}, {after} afterwards").format(
        before=before, after=_between([each.after for each in part])
    )


def _between(values: list[float]) -> str:
    low, high = formats.fixed(min(values), 1), formats.fixed(max(values), 1)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _left_out(feature: Feature) -> str:
    if feature.dropped == "chance":
        return _("left out: customers differ in it hardly more than by chance (reliability {x})").format(
            x=formats.fixed(feature.habit, 2)
        )
    if feature.dropped == "constant":
        return _("left out: it does not vary")
    return _("left out: says the same as “{other}”").format(other=feature_label(feature.dropped))
