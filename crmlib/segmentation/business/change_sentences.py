"""The words around change: why revenue moved."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed
from crmlib.segmentation.business.decomposition import RevenueChange
from crmlib.segmentation.business.waterfalls import step_label
from crmlib.segmentation.wording import Words, changed, listed, money, source_of
from crmlib.words import _
from crmlib.workspace import Run

CLOSE: Final = 0.05
"""A driver within so much of the strongest one is named beside it."""


def signed(run: Run, value: float) -> str:
    """Give money with its sign."""
    return ("+" if value >= 0 else "") + money(run, value)


def revenue(change: RevenueChange, shown: Mapping[str, Disclosed], run: Run) -> Words:
    """Give the words around the waterfalls; what the gate hides of their steps is not said either."""
    through = [
        _("{driver} ({effect})").format(driver=_lower(step_label(code)), effect=signed(run, effect))
        for code, effect in strongest(change).items()
    ]
    title = _("Net revenue {changed}, most of all through {drivers}").format(
        changed=changed(run, change.now, change.then), drivers=listed(through)
    )
    parts = [
        f"{step_label(code)} {_('hidden') if pd.isna(effect) else signed(run, effect)}"
        for code, effect in {**_effects(shown["drivers"]), **_effects(shown["groups"])}.items()
    ]
    return {
        "title": title,
        "alt": _("Two waterfalls from {then} to {now}: {parts}.").format(
            then=money(run, change.then), now=money(run, change.now), parts="; ".join(parts)
        ),
        "read": _(
            "Lines mark the revenue of both periods, bars the part of the change that each step explains; in either "
            "picture they add up to the whole. The four drivers are those of known customers."
        ),
        "limits": _(
            "A split says where the change sits, not what caused it. The axes show only the stretch in which revenue "
            "moved, not zero: compare the bars of one picture with one another. Who did not come back this period may "
            "buy later: these are not the newly lost customers of the table above."
        ),
        "source": source_of(run),
    }


def _effects(steps: Disclosed) -> dict[str, float]:
    frame = steps.frame[~steps.frame["whole"]]
    return dict(zip(frame["step"], frame["effect"], strict=True))


def strongest(change: RevenueChange) -> dict[str, float]:
    """Give the drivers that moved revenue most in the direction it went: the first, and those that come close to it.

    Examples
    --------
    >>> import pandas as pd
    >>> drivers = pd.DataFrame({"driver": ["customers", "anonymous", "returns"], "effect": [97.0, 100.0, -180.0]})
    >>> strongest(RevenueChange(50.0, 67.0, drivers, pd.DataFrame()))
    {'anonymous': 100.0, 'customers': 97.0}
    """
    effects = change.drivers.set_index("driver")["effect"]
    along = (effects if change.change >= 0 else -effects).sort_values(ascending=False, kind="stable")
    close = along[along >= along.iloc[0] - CLOSE * abs(along.iloc[0])]
    return {str(code): float(effects[code]) for code in close.index}


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
