"""The stores on the page of the head office: one row a store with the one thing to do; how sure that is, folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.actions.stores.gathering import STORE, YEAR
from crmlib.actions.stores.pages import page_names
from crmlib.actions.stores.standing import ALIKE, COMPLAINTS, LEAVING, MEAN, NEW, NPS, SALES, one_thing
from crmlib.actions.stores.words import FIGURES, STANDS, keep_on, others_words, rank_words, thing_words
from crmlib.reporting import Gated, Shown, estimate, exact, folded, gate, label, note, nothing, people, rate, show_all
from crmlib.words import _, formats, plural

if TYPE_CHECKING:
    from crmlib.actions.study import Study
    from crmlib.reporting.columns import Column
    from crmlib.workspace import Run

SCORECARD: Final = ("named", "page", "net", "change_words", "share", "score", "rate", "thing")
CUSTOMERS: Final = ("named", "page", "orders", "active", "new", "customers", "listed")
INTERVALS: Final = ("named", "page", "share", "score", "rate")
MOST: Final = 60
"""Stores that a folded table shows."""
_GATED: Final = (
    "named", "net", "largest", "buyers", "orders", "active", "new", "change", "change_people", "customers", "likely",
    "answerers", "score", "complainers", "rate", "listed",
)  # fmt: skip
CELLS: Final = {
    SALES: "change_words", LEAVING: "share", NEW: "new_share", NPS: "score", MEAN: "score", COMPLAINTS: "rate",
}  # fmt: skip
"""The column of the scorecard that tells a figure."""
_NAMED: Final = 3


def show_stores(found: Study, run: Run) -> Shown:
    """Show the scorecard of the stores, and write what their own pages are made of."""
    rows, compared = found.stores, found.standing
    write_tables(found, run)
    if rows.empty:
        return nothing(_("neither stores nor channels sell apart from one another"))
    if rows["active"].map(run.too_few).all():
        return nothing(_("no store has enough customers to be told of"))
    ordered = in_order(rows, compared)
    gated = gated_stores(ordered, compared, run)
    title, scorecard = stores_title(ordered, compared, run), _only(gated, SCORECARD)
    apart = ordered["item"].isin(one_thing(compared)["item"])
    first = note(title + ".")
    if apart.any():
        first = scorecard.rows(ordered.index[apart].to_list()).table(title)
    whole = scorecard.table(_("All stores beside one another"), note=_note(compared, run))
    return show_all(first, folded(_("All stores, ranks and intervals"), whole, *_sureness(ordered, compared, run)))


def write_tables(found: Study, run: Run) -> None:
    """Write ``store_scorecard``, ``store_standing`` and ``store_lists``, which the stores' own pages read."""
    run.write("store_scorecard", found.stores, by=["item"])
    run.write("store_standing", found.standing, by=["item", "figure"])
    run.write("store_lists", lists_by_store(found.listed), by=["item", "action"])


def lists_by_store(listed: pd.DataFrame) -> pd.DataFrame:
    """Count those to contact by store and action: ``item, action, due, customers``."""
    contacted = listed[listed["arm"] == "contact"].dropna(subset=["store_id"])
    counted = contacted.groupby(["store_id", "action"]).agg(due=("due", "first"), customers=("customer_id", "size"))
    return counted.rename_axis(["item", "action"]).reset_index().astype({"item": "str", "action": "str"})


def in_order(rows: pd.DataFrame, compared: pd.DataFrame) -> pd.DataFrame:
    """Put the stores with something to do first, the furthest below the others before, then by net revenue."""
    z = one_thing(compared).set_index("item")["z"]
    same = rows["name"].duplicated(keep=False)
    named = rows["name"].where(~same, rows["name"] + " (" + rows["item"] + ")")
    named = named.where(rows["kind"] == STORE, named.map(formats.name))
    order = rows.assign(named=named, z=rows["item"].map(z).astype("float64").fillna(0.0))
    return order.sort_values(["z", "net"], ascending=[True, False], kind="stable", ignore_index=True).drop(columns="z")


def gated_stores(rows: pd.DataFrame, compared: pd.DataFrame, run: Run, *, intervals: bool = False) -> Gated:
    """Let the scorecard (see `in_order`) through the gate, with the one thing to do in words."""
    things = {row["item"]: thing_words(row, run) for _place, row in one_thing(compared).iterrows()}
    few = rows["active"].map(run.too_few) & ~rows["item"].isin(compared["item"])
    said = pd.Series([things.get(item, keep_on()) for item in rows["item"]], index=rows.index, dtype="str")
    said = said.mask(few, _("Too few customers to tell"))
    scored, store = rows["scored"].iloc[0], rows["kind"].iloc[0] == STORE
    linked = "page" if store and run.params.running.per_store else None
    ends = [f"{name}{end}" for name in ("score", "rate") for end in ("_low", "_high")] if intervals else []
    gated = gate(
        rows.assign(thing=said, page=rows["item"].map(page_names(rows["item"])))[[*_GATED, "thing", "page", *ends]],
        run,
        label("named", _("Store") if store else _("Channel"), link=linked),
        label("thing", _("One thing to do")),
        label("page"),
        *_columns(scored, intervals=intervals),
        totals=True,
    )

    def change(row: pd.Series) -> str | None:
        return None if pd.isna(row["change"]) else run.say("{change:change0}", change=row["change"])

    return gated.beside(label("change_words", _("On a year ago"), missing="–"), change, like="change")


def _columns(scored: str, *, intervals: bool) -> tuple[Column, ...]:
    """Declare the figures of the scorecard, and the people that they rest on."""
    nps, alone = scored == NPS, {"missing": "–"}
    return (
        exact("net", _("Net revenue"), "money", of="buyers", largest="largest", decimals=0), people("buyers"),
        exact("orders", _("Orders"), of="buyers"), people("active", _("Customers who bought")),
        people("new", _("New customers"), **alone),
        rate("new_share", _(FIGURES[NEW]), per=("new", "active"), interval=intervals, decimals=0, **alone),
        people("change_people"), estimate("change", of="change_people"),
        people("customers", _("Active by their main store")), people("likely"),
        rate("share", _(FIGURES[LEAVING]), per=("likely", "customers"), interval=intervals, decimals=0, **alone),
        people("answerers"),
        estimate("score", _(FIGURES.get(scored, "")), "points" if nps else "number", of="answerers",
                 decimals=None if nps else 2, **alone),
        people("complainers"),
        estimate("rate", _(FIGURES[COMPLAINTS]), "number", of="complainers", decimals=0, **alone),
        people("listed", _("To contact")),
    )  # fmt: skip


def _only(gated: Gated, names: tuple[str, ...]) -> Gated:
    """Keep the columns of which something is told."""
    return gated.only(*(name for name in names if gated.frame[name].notna().any()))


def stores_title(rows: pd.DataFrame, compared: pd.DataFrame, run: Run) -> str:
    """Say which stores stand below the others by more than chance, the furthest first, or that none does."""
    worse = rows[rows["item"].isin(one_thing(compared)["item"])]["named"].to_list()
    if not worse:
        if rows["kind"].iloc[0] == STORE:
            return _("No store stands below the others by more than chance explains")
        return _("No channel stands below the others by more than chance explains")
    rest = [run.say(_("{n:count} more"), n=len(worse) - _NAMED)] if len(worse) > _NAMED else []
    words = plural(
        "{names:list} stands below the others by more than chance explains",
        "{names:list} stand below the others by more than chance explains",
        len(worse),
    )
    return run.say(words, names=[*worse[:_NAMED], *rest])


def _note(compared: pd.DataFrame, run: Run) -> str:
    """Say what is compared, and of whom."""
    words = _(
        "{n:count} comparisons, each store with all others; false discoveries held to 5 %. Likely to leave: of those "
        "whose main store it is. Score and complaints: the last {days:count} days. Sales without a store are left out."
    )
    return run.say(words, n=int(compared["q"].notna().sum()), days=YEAR)


def _sureness(rows: pd.DataFrame, compared: pd.DataFrame, run: Run) -> list[Shown]:
    """Show what stands apart, each store's rank in each figure with its range, and the figures with intervals."""
    named = rows.set_index("item")["named"]
    sure, places = gated_stores(rows, compared, run, intervals=True), {item: at for at, item in enumerate(rows["item"])}
    shown = []
    if len(apart := compared[compared["stands"] != ALIKE]):
        said = pd.DataFrame({
            "named": apart["item"].map(named), "figure": apart["figure"].map(lambda code: _(FIGURES[code])),
            "here": [sure.cell(places[row["item"]], CELLS[row["figure"]]) for _place, row in apart.iterrows()],
            "others": [others_words(row, run) for _place, row in apart.iterrows()],
            "stands": apart["stands"].map(lambda code: _(STANDS[code])),
        })  # fmt: skip
        columns = (label("named", _("Store")), label("figure", _("Figure")), label("here", _("Here")),
                   label("others", _("All others")), label("stands", _("Stands")))  # fmt: skip
        shown.append(gate(said, run, *columns).table(_("What lies beyond chance")))
    ranks = compared.assign(words=[rank_words(row, run) for _place, row in compared.iterrows()])
    wide = ranks.pivot(index="item", columns="figure", values="words").reindex(rows["item"][:MOST])
    codes = [code for code in FIGURES if code in wide]
    wide = wide[codes].assign(named=rows["named"][:MOST].to_numpy())
    heads = (label("named", _("Store")), *(label(code, _(FIGURES[code]), missing="–") for code in codes))
    ranked = gate(wide.reset_index(drop=True), run, *heads)
    drawn = _(
        "1 is best; in brackets the ranks that hold 95 %. Figures of few customers are drawn to the others' for this."
    )
    shown.append(ranked.table(_("Ranks of the stores"), note=drawn))
    return [*shown, *_more(sure.rows(slice(MOST)))]


def _more(sure: Gated) -> list[Shown]:
    """Show the stores' customers and orders, and the figures with intervals."""
    return [
        _only(sure, CUSTOMERS).table(_("The stores' orders and customers")),
        _only(sure, INTERVALS).table(_("The stores' figures with their intervals")),
    ]
