"""The period by channel, tier, category and store, as the page shows it."""

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, formats, table
from crmlib.words import _
from crmlib.workspace import Run

ORDER = ("channel", "tier", "category", "store")


def show_parts(parts: pd.DataFrame, run: Run) -> Shown:
    """Show the period by channel, tier, category and store, beside the month before and a year ago."""
    now = parts[parts["window"] == "period"].copy()
    for code in ("before", "year_ago"):
        then = parts[parts["window"] == code].set_index(["part", "item"])[["net", "buyers"]]
        met = then.reindex(pd.MultiIndex.from_frame(now[["part", "item"]]))
        now[f"change_{code}"] = now["net"].to_numpy() / met["net"].where(met["net"] > 0).to_numpy() - 1
        now[f"people_{code}"] = met["buyers"].fillna(0).to_numpy().clip(max=now["buyers"].to_numpy())
    order = {part: place for place, part in enumerate(ORDER)}
    now = now.assign(place=now["part"].map(order)).sort_values(["place", "net"], ascending=[True, False])
    now["name"] = _names(now, run)
    ends = ["average_order_value_low", "average_order_value_high"]
    changes = ["change_before", "change_year_ago"]
    measures = ["average_order_value", *ends, "discount_share", "returned_share", *changes]
    based = dict.fromkeys([*measures, "net"], "buyers") | {
        "change_before": "people_before", "change_year_ago": "people_year_ago",
    }  # fmt: skip
    data = disclose(
        now[["name", "net", "active", *measures, "buyers", "people_before", "people_year_ago", "largest"]],
        labels=["name"], counts=["active"], measures=measures, exact=["net"], based_on=based,
        largest={"net": "largest"}, rules=run.rules,
    )  # fmt: skip
    columns = {
        "name": Shows(_("Part of the business")),
        "net": Shows(_("Net revenue"), "money"),
        "change_before": Shows(_("Change on the month before"), "share", decimals=0, missing="–"),
        "change_year_ago": Shows(_("Change on a year ago"), "share", decimals=0, missing="–"),
        "active": Shows(_("Active customers"), "people"),
        "average_order_value": Shows(_("Order value"), "money", ends[0], ends[1]),
        "returned_share": Shows(_("Returned"), "share"),
    }
    said = _("Sales without a channel, tier, category or store are left out of its rows.")
    if "tier" in set(now["part"]):
        said += " " + _("A tier is the one of the extract: who bought much has climbed since.")
    caption = _("{period} by part of the business").format(period=run.period_label)
    return table(data, caption, columns, currency=run.params.currency, note=said)


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
