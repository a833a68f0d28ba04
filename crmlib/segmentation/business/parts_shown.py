"""Channels, tiers, categories and stores, as the page shows them: this period, and the last twelve months."""

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, folded, show_all, table
from crmlib.segmentation.business.at_a_glance import Glance
from crmlib.segmentation.business.glance import ALL
from crmlib.segmentation.business.part_starts import began_within
from crmlib.segmentation.wording import signed_share
from crmlib.words import _, formats
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


def show_parts(glance: Glance, rolling: str, run: Run) -> Shown:
    """Show the parts of the business: money beside the spans before, customers and orders, and twelve months.

    Parameters
    ----------
    glance
        The figures, by part.
    rolling
        What the longest span is called.
    run
        The run.
    """
    now, months = (_gated(_compared(glance, window, run), run) for window in COMPARED)
    captions = [
        words.format(span=span)
        for words, span in (
            (_("{span} by part of the business"), run.period_label),
            (_("{span} by part of the business: customers and orders"), run.period_label),
            (_("{span} by part of the business"), rolling),
        )
    ]
    left_out = _left_out(glance.figures)
    tables = [
        _table(data, names, caption, said, run)
        for data, names, caption, said in zip(
            (now, now, months),
            (MONEY, CUSTOMERS, MONTHS),
            captions,
            (left_out, _new_and_again(glance.figures), left_out),
            strict=True,
        )
    ]
    return show_all(tables[0], *(folded(words, each) for words, each in zip(captions[1:], tables[1:], strict=True)))


def _table(data: Disclosed, names: Sequence[str], caption: str, said: str, run: Run) -> Shown:
    """Show some of the columns, and say what a cell without a number means where there is one."""
    columns = _columns(names, data, run)
    note = " ".join(filter(None, [legend(data, columns), said]))
    return table(data, caption, columns, currency=run.params.currency, note=note)


def legend(data: Disclosed, columns: Iterable[str]) -> str:
    """Say what a dash stands for, where one is shown: neither a number nor a hidden one."""
    names = list(columns)
    blank = data.frame[names].isna() & ~data.mask[names]
    return _("–: the data do not tell.") if blank.to_numpy().any() else ""


def _compared(glance: Glance, window: str, run: Run) -> pd.DataFrame:
    """Put the change of revenue beside each part, with the fewer buyers of both spans, in the order of the page."""
    parts = glance.figures[glance.figures["part"] != ALL]
    now = parts[parts["window"] == window].copy()
    keys = pd.MultiIndex.from_frame(now[["part", "item"]])
    for code in COMPARED[window]:
        then = parts[parts["window"] == code].set_index(["part", "item"])[["net", "buyers"]]
        met = then.reindex(keys)
        now[f"change_{code}"] = now["net"].to_numpy() / met["net"].where(met["net"] > 0).to_numpy() - 1
        now[f"people_{code}"] = met["buyers"].fillna(0).to_numpy().clip(max=now["buyers"].to_numpy())
        now[f"since_{code}"] = _began(glance, code, run).reindex(keys).to_numpy()
    # today's tier says nothing of how its members bought a year ago: they had to buy to get there
    now.loc[now["part"] == "tier", [f"change_{code}" for code in COMPARED[window] if code != "before"]] = float("nan")
    place = now["part"].map({part: place for place, part in enumerate(ORDER)})
    now = now.assign(place=place, name=_names(now, run))
    return now.sort_values(["place", "net"], ascending=[True, False], ignore_index=True)


def _began(glance: Glance, code: str, run: Run) -> pd.Series:
    """Give the month in which a part began to sell, of those that a span before does not hold whole."""
    starts = glance.starts.set_index(["part", "item"])
    then = next((each for each in glance.windows if each.code == code), None)
    if then is None or starts.empty:
        return pd.Series(dtype="object", index=starts.index)
    return starts["first_day"].map(formats.month).where(began_within(starts, then, run.as_of))


def _gated(now: pd.DataFrame, run: Run) -> Disclosed:
    """Let the figures of the parts through the gate, changes where both spans have enough buyers."""
    people = {name: name.replace("change", "people") for name in now.columns if name.startswith("change_")}
    told = [name for name in MEASURES if now[name].notna().any()]
    known = [name for name in COUNTS if name == "active" or now[name].notna().any()]
    rates = {"again", "before"} <= set(known)
    # stores add up to the business, and so do channels: one that is hidden could be had from the others
    each = [
        disclose(
            rows[["name", "net", *known, *told, *people, "buyers", *people.values(), "largest"]],
            labels=["name"], counts=known, measures=[*told, *people], exact=["net"],
            based_on=dict.fromkeys([*told, "net"], "buyers") | {"identified_share": "active"} | people,
            largest={"net": "largest"},
            shares={"repurchase_rate": ("again", "before")} if rates else None,
            ranges=["repurchase_rate"] if rates else [], totals=True, rules=run.rules,
        )
        for _part, rows in now.groupby("part", sort=False)
    ]  # fmt: skip
    frame, mask = (pd.concat([getattr(one, name) for one in each], ignore_index=True) for name in ("frame", "mask"))
    return _in_words(Disclosed(frame, mask, each[0].totals, run.rules), now, list(people))


def _in_words(data: Disclosed, now: pd.DataFrame, changes: list[str]) -> Disclosed:
    """Write changes with their sign, or since when a part sells whose first months are no base of a change."""
    frame, mask = data.frame.assign(kind="text"), data.mask.assign(kind=False)
    for name in changes:
        since = now[name.replace("change", "since")]
        young = since.notna() & frame["net"].notna()
        words = [
            _("only since {month}").format(month=month) if is_young else signed_share(change, 0)
            for change, month, is_young in zip(frame[name], since, young, strict=True)
        ]
        told = pd.Series(words, index=frame.index, dtype="object").where(young | frame[name].notna(), None)
        frame[name], mask[name] = told, mask[name] & ~young
    return Disclosed(frame, mask, data.totals, data.rules)


def _columns(names: Sequence[str], data: Disclosed, run: Run) -> dict[str, Shows]:
    """Say how the columns are shown that the data have."""
    value, again = ("average_order_value", "repurchase_rate")
    whole = run.as_of.day == 1
    before = _("Change on the month before") if whole else _("Change on the same days of the month before")
    ways = {
        "name": Shows(_("Part of the business")),
        "net": Shows(_("Net revenue"), "money"),
        "change_before": Shows(before, kind_from="kind", missing="–"),
        "change_year_ago": Shows(_("Change on a year ago"), kind_from="kind", missing="–"),
        "change_rolling_year_ago": Shows(_("Change on the twelve months before"), kind_from="kind", missing="–"),
        "active": Shows(_("Active customers"), "people"),
        "new": Shows(_("New customers"), "people", missing="–"),
        again: Shows(_("Repurchase rate in this part"), "share", f"{again}_low", f"{again}_high", missing="–"),
        value: Shows(_("Order value"), "money", f"{value}_low", f"{value}_high", missing="–"),
        "units_per_order": Shows(_("Units per order"), "number", missing="–"),
        "identified_share": Shows(_("Known customers' share"), "share", missing="–"),
        "discount_share": Shows(_("Discount"), "share", missing="–"),
        "returned_share": Shows(_("Returned"), "share", missing="–"),
    }
    return {name: ways[name] for name in names if name in data.frame}


def _left_out(figures: pd.DataFrame) -> str:
    """Say which sales are in no row of a part of the business, and what no tier is compared with."""
    gross = figures.groupby(["window", "part"])["gross"].sum().unstack()
    nouns = {"channel": _("a channel"), "tier": _("a tier"), "category": _("a category"), "store": _("a store")}
    short = [nouns[part] for part in ORDER if part in gross and (gross[part] < gross[ALL] * (1 - 1e-9)).any()]
    said = []
    if short:
        *some, last = short
        names = _("{some} or {last}").format(some=", ".join(some), last=last) if some else last
        said.append(_("Sales without {names} are left out of those rows.").format(names=names))
    if "tier" in gross:
        said.append(_(
            "A tier is the one of the extract: who bought much has climbed since; so no tier is compared with a year "
            "ago."
        ))  # fmt: skip
    return " ".join(said)


def _new_and_again(figures: pd.DataFrame) -> str:
    """Say what stands behind the customers of a part."""
    said = _(
        "New to the shop, not only to the part; the repurchase rate is that of customers who bought in this part in "
        "the month before."
    )
    earned = _("It is not told of a tier, which is earned by buying again.")
    return f"{said} {earned}" if "tier" in set(figures["part"]) else said


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
