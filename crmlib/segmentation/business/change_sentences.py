"""The words around change: why revenue moved."""

from crmlib.segmentation.business.decomposition import RevenueChange
from crmlib.segmentation.business.waterfalls import step_label
from crmlib.segmentation.wording import Words, changed, money, source_of
from crmlib.words import _
from crmlib.workspace import Run


def signed(run: Run, value: float) -> str:
    """Give money with its sign."""
    return ("+" if value >= 0 else "") + money(run, value)


def revenue(change: RevenueChange, run: Run) -> Words:
    """Give the words around the waterfalls."""
    drivers = change.drivers
    along = drivers["effect"] * (1 if change.change >= 0 else -1)
    strongest = drivers.iloc[int(along.argmax())]
    title = _("Net revenue {changed}, most of all through {driver} ({effect})").format(
        changed=changed(change.now, change.then),
        driver=_lower(step_label(strongest["driver"])),
        effect=signed(run, strongest["effect"]),
    )
    parts = [
        f"{step_label(str(code))} {signed(run, float(effect))}"
        for code, effect in [
            *zip(drivers["driver"], drivers["effect"], strict=True),
            *zip(change.groups["group"], change.groups["effect"], strict=True),
        ]
    ]
    return {
        "title": title,
        "alt": _("Two waterfalls from {then} to {now}: {parts}.").format(
            then=money(run, change.then), now=money(run, change.now), parts="; ".join(parts)
        ),
        "read": _(
            "Each bar is the part of the change that this step explains; in either picture the steps add up to the "
            "whole. The four drivers are those of known customers."
        ),
        "limits": _(
            "A split says where the change sits, not what caused it; the axes do not begin at zero where the change is "
            "small."
        ),
        "source": source_of(run),
    }


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
