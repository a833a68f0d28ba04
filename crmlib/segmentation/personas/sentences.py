"""The words around personas, computed from the indices that passed the gate."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.wording import Words, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def headline(shown: pd.DataFrame) -> str:
    """Say what sets the most particular segment apart."""
    top = shown.loc[shown["index"].idxmax()]
    return _("{segment}: {label} in {share} against {all} of all customers").format(
        segment=top["segment"], label=top["label"], share=share(top["share"]), all=share(top["share_all"])
    )


def pictures(shown: pd.DataFrame, people: int, found: int, compared: int, run: Run) -> Words:
    """Give the words around the panels."""
    parts = []
    for segment, part in shown.groupby("segment", sort=False):
        listed = ", ".join(
            _("{label} {index}").format(label=row["label"], index=formats.fixed(row["index"], 0))
            for _place, row in part.iterrows()
        )
        parts.append(_("{segment}: {listed}").format(segment=segment, listed=listed))
    limits = _(
        "Of {compared} comparisons {found} are shown or listed as findings, of which 5 % may be chance. What helped to "
        "form a segment must differ in it; an index is no cause."
    )
    return {
        "title": headline(shown),
        "alt": _("Panels by segment, indices against all customers. {parts}.").format(parts="; ".join(parts)),
        "read": _(
            "100 is as all customers, 200 twice as often: in shares of orders, and of customers for what they are. The "
            "line is the 95 % interval; each panel holds the strongest differences up and down."
        ),
        "limits": limits.format(compared=formats.count(compared), found=formats.count(found)),
        "source": source_of(run, people, "customers"),
    }


def trait(row: pd.Series) -> str:
    r"""Say one thing about a segment on its card.

    Examples
    --------
    >>> trait(pd.Series({"label": "Channel web", "share": 0.42, "index": 191.0}))
    'Channel web 42\xa0% (index 191)'
    """
    return _("{label} {share} (index {index})").format(
        label=row["label"], share=share(row["share"]), index=formats.fixed(row["index"], 0)
    )
