"""Channels, tiers, categories and stores, as the page shows them: this period, and the last twelve months."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, folded, formats, show_all, table
from crmlib.words import _
from crmlib.workspace import Run

ORDER: Final = ("channel", "tier", "category", "store")
COMPARED: Final = {"period": ("before", "year_ago"), "rolling": ("rolling_year_ago",)}
"""The spans that each span's revenue is compared with."""

COUNTS: Final = ("active", "new", "before", "again")
MEASURES: Final = ("average_order_value", "average_order_value_low", "average_order_value_high", "units_per_order",
                   "identified_share", "discount_share", "returned_share")  # fmt: skip

MONEY: Final = ("name", "net", "change_before", "change_year_ago", "active", "discount_share", "returned_share")
CUSTOMERS: Final = ("name", "new", "repurchase_rate", "average_order_value", "units_per_order", "identified_share")
MONTHS: Final = ("name", "net", "change_rolling_year_ago", "active", "repurchase_rate", "discount_share",
                 "returned_share")  # fmt: skip
"""The columns of the three tables."""


def show_parts(parts: pd.DataFrame, rolling: str, run: Run) -> Shown:
    """Show the parts of the business: money beside the spans before, customers and orders, and twelve months.

    Parameters
    ----------
    parts
        The figures by part, from :func:`crmlib.segmentation.business.glance.business_figures`.
    rolling
        What the longest span is called.
    run
        The run.
    """
    now, months = (_gated(_compared(parts, window, run), run) for window in COMPARED)
    captions = [
        words.format(span=span)
        for words, span in (
            (_("{span} by part of the business"), run.period_label),
            (_("{span} by part of the business: customers and orders"), run.period_label),
            (_("{span} by part of the business"), rolling),
        )
    ]
    tables = [
        table(data, caption, _columns(names, data, run), currency=run.params.currency, note=said)
        for data, caption, names, said in zip(
            (now, now, months),
            captions,
            (MONEY, CUSTOMERS, MONTHS),
            (_left_out(parts), _told(parts), _left_out(parts)),
            strict=True,
        )
    ]
    return show_all(tables[0], *(folded(words, each) for words, each in zip(captions[1:], tables[1:], strict=True)))


def _compared(parts: pd.DataFrame, window: str, run: Run) -> pd.DataFrame:
    """Put the change of revenue beside each part, with the fewer buyers of both spans, in the order of the page."""
    now = parts[parts["window"] == window].copy()
    for code in COMPARED[window]:
        then = parts[parts["window"] == code].set_index(["part", "item"])[["net", "buyers"]]
        met = then.reindex(pd.MultiIndex.from_frame(now[["part", "item"]]))
        now[f"change_{code}"] = now["net"].to_numpy() / met["net"].where(met["net"] > 0).to_numpy() - 1
        now[f"people_{code}"] = met["buyers"].fillna(0).to_numpy().clip(max=now["buyers"].to_numpy())
    # today's tier says nothing of how its members bought a year ago: they had to buy to get there
    now.loc[now["part"] == "tier", [f"change_{code}" for code in COMPARED[window] if code != "before"]] = float("nan")
    place = now["part"].map({part: place for place, part in enumerate(ORDER)})
    now = now.assign(place=place, name=_names(now, run))
    return now.sort_values(["place", "net"], ascending=[True, False], ignore_index=True)


def _gated(now: pd.DataFrame, run: Run) -> Disclosed:
    """Let the figures of the parts through the gate, changes where both spans have enough buyers."""
    people = {name: name.replace("change", "people") for name in now.columns if name.startswith("change_")}
    told = [name for name in MEASURES if now[name].notna().any()]
    known = [name for name in COUNTS if name == "active" or now[name].notna().any()]
    rates = {"again", "before"} <= set(known)
    return disclose(
        now[["name", "net", *known, *told, *people, "buyers", *people.values(), "largest"]],
        labels=["name"], counts=known, measures=[*told, *people], exact=["net"],
        based_on=dict.fromkeys([*told, "net"], "buyers") | {"identified_share": "active"} | people,
        largest={"net": "largest"},
        shares={"repurchase_rate": ("again", "before")} if rates else None,
        ranges=["repurchase_rate"] if rates else [], rules=run.rules,
    )  # fmt: skip


def _columns(names: Sequence[str], data: Disclosed, run: Run) -> dict[str, Shows]:
    """Say how the columns are shown that the data have."""
    value, again = ("average_order_value", "repurchase_rate")
    whole = run.as_of.day == 1
    before = _("Change on the month before") if whole else _("Change on the same days of the month before")
    ways = {
        "name": Shows(_("Part of the business")),
        "net": Shows(_("Net revenue"), "money"),
        "change_before": Shows(before, "share", decimals=0, missing="–"),
        "change_year_ago": Shows(_("Change on a year ago"), "share", decimals=0, missing="–"),
        "change_rolling_year_ago": Shows(_("Change on the twelve months before"), "share", decimals=0, missing="–"),
        "active": Shows(_("Active customers"), "people"),
        "new": Shows(_("New customers"), "people", missing="–"),
        again: Shows(_("Bought again in this part"), "share", f"{again}_low", f"{again}_high", missing="–"),
        value: Shows(_("Order value"), "money", f"{value}_low", f"{value}_high", missing="–"),
        "units_per_order": Shows(_("Units per order"), "number", missing="–"),
        "identified_share": Shows(_("Known customers' share"), "share", missing="–"),
        "discount_share": Shows(_("Discount"), "share", missing="–"),
        "returned_share": Shows(_("Returned"), "share", missing="–"),
    }
    return {name: ways[name] for name in names if name in data.frame}


def _left_out(parts: pd.DataFrame) -> str:
    said = _("Sales without a channel, tier, category or store are left out of its rows.")
    climbed = _(
        "A tier is the one of the extract: who bought much has climbed since; so no tier is compared with a year ago."
    )
    return f"{said} {climbed}" if "tier" in set(parts["part"]) else said


def _told(parts: pd.DataFrame) -> str:
    """Say what stands behind the customers of a part."""
    said = _("New to the shop, not only to the part; who bought again bought in this part in the month before as well.")
    earned = _("That is not told of a tier, which is earned by buying again.")
    return f"{said} {earned}" if "tier" in set(parts["part"]) else said


def _names(rows: pd.DataFrame, run: Run) -> list[str]:
    labels = {"channel": _("Channel"), "store": _("Store"), "category": _("Category"), "tier": _("Tier")}
    stores = {}
    if run.has("stores"):
        named = run.table("stores").select("store_id", "name").to_pandas().dropna()
        stores = dict(zip(named["store_id"], named["name"], strict=True))
    words = {"channel": formats.name, "store": lambda code: stores.get(code, code)}
    return [
        _("{part}: {item}").format(part=labels[part], item=words.get(part, str)(item))
        for part, item in zip(rows["part"], rows["item"], strict=True)
    ]
