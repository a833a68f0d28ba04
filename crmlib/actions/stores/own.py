"""A store's own page: how it stands beside the others, the one thing to do, whom to contact, who its customers are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.actions.stores.gathering import STORE, YEAR
from crmlib.actions.stores.page import CELLS, gated_stores, in_order
from crmlib.actions.stores.standing import COMPLAINTS, LEAVING, MEAN, NEW, NPS, SALES, one_thing
from crmlib.actions.stores.words import FIGURES, STANDS, keep_on, others_words, rank_words, thing_words
from crmlib.reporting import Shown, answer, gate, label, note, nothing, people, rate
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.reporting import Gated
    from crmlib.workspace import Run

ROWS: Final = ("net", SALES, "orders", "active", NEW, LEAVING, NPS, MEAN, COMPLAINTS, "listed")
"""The figures of a store's page; those that are compared by their code, the others by their column."""
UNCOMPARED: Final = {
    "net": N_("Net revenue"), "orders": N_("Orders"), "active": N_("Customers who bought"), "listed": N_("To contact"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Store:
    """A store of the report: its row among all (see `in_order`), and how it stands.

    `place` is its row in `rows`; `too_small` says that too few buy in it, or are its own, to tell of it.
    """

    item: str
    place: int
    rows: pd.DataFrame
    compared: pd.DataFrame
    too_small: bool

    @property
    def name(self) -> str:
        """What the store is called."""
        return str(self.rows["named"].iloc[self.place])

    @property
    def own(self) -> pd.DataFrame:
        """Its figures held against the others, by figure."""
        return self.compared[self.compared["item"] == self.item].set_index("figure", drop=False)


def one_store(run: Run, store: str | None = None) -> Store:
    """Open what chapter 05 wrote of a store; that with the most to do where none is named.

    Raises
    ------
    KeyError
        If there is no such store.
    """
    told, compared = run.frame("store_scorecard"), run.frame("store_standing")
    rows = in_order(told[told["kind"] == STORE], compared)
    items = rows["item"].to_list()
    if (store is not None and store not in items) or not items:
        raise KeyError(f"no store {store!r}; there are {', '.join(items) or 'none'}")
    place = 0 if store is None else items.index(store)
    return Store(items[place], place, rows, compared, run.too_few(rows["active"].iloc[place]))


def show_store_answer(found: Store, run: Run) -> Shown:
    """Say the one thing to do, and how many to contact; of a small store that too few buy there to tell."""
    if found.too_small:
        words = _("Fewer than {n:count} known customers bought in {name} this month: nothing is told of it by itself.")
        return answer(run.say(words, n=run.fewest, name=found.name))
    thing = one_thing(found.own.reset_index(drop=True))
    if len(thing):
        first = run.say(_("{thing}."), thing=thing_words(thing.iloc[0], run))
    else:
        first = run.say(_("{thing}: on no figure is {name} below the other stores by more than chance explains."),
                        thing=keep_on(), name=found.name)  # fmt: skip
    listed = int(found.rows["listed"].iloc[found.place])
    more = [] if run.too_few(listed) else [run.say(_("{n:people} customers are to be contacted."), n=listed)]
    return answer(first, *more)


def show_store_figures(found: Store, run: Run) -> Shown:
    """Show the store's figures beside those of all others, with its rank and the range of that."""
    if found.too_small:
        return nothing(_("too few customers bought here"))
    gated = gated_stores(found.rows, found.compared, run, intervals=True).rows([found.place])
    frame = pd.DataFrame([_row(name, found, gated, run) for name in ROWS if name in {*UNCOMPARED, *found.own.index}])
    told = gate(frame, run, label("figure", _("Figure")), label("here", _("Here")), label("others", _("Other stores")),
                label("rank", _("Rank")), label("stands", _("Beside the others")))  # fmt: skip
    words = _(
        "Rank 1 is best of {n:count}; in brackets the ranks that hold 95 %. Score and complaints: the last "
        "{days:count} days. False discoveries are held to 5 % over all stores and figures."
    )
    caption = run.say(_("{name} beside the other stores"), name=found.name)
    return told.table(caption, note=run.say(words, n=len(found.rows), days=YEAR))


def _row(name: str, found: Store, gated: Gated, run: Run) -> dict[str, str]:
    here = gated.cell(0, CELLS.get(name, name))
    if name in UNCOMPARED:
        return {"figure": _(UNCOMPARED[name]), "here": here, "others": "", "rank": "", "stands": ""}
    told = found.own.loc[name]
    return {
        "figure": _(FIGURES[name]), "here": here, "others": others_words(told, run),
        "rank": rank_words(told, run), "stands": _(STANDS[told["stands"]]),
    }  # fmt: skip


def show_store_list(found: Store, run: Run) -> Shown:
    """Show how many of the store's customers are to be contacted with which action; names are in its list alone."""
    lists = run.frame("store_lists")
    if found.too_small or not (lists["item"] == found.item).any():
        return note(_("Nobody of this store is on this month's list, or too few to tell."))
    gated = gate(lists, run, label("item"), label("action", _("Action")), people("customers", _("Customers")),
                 label("due", _("Until"), "day"), totals=True)  # fmt: skip
    own = gated.rows(lambda frame: frame["item"] == found.item).ordered("customers", descending=True)
    return own.table(_("Whom to contact this month"))


def show_store_segments(found: Store, run: Run) -> Shown:
    """Show the segments of the customers whose main store it is, beside those of all stores."""
    known = run.frame("segments").dropna(subset=["main_store"])
    counted = known.groupby(["main_store", "segment"]).size().rename("customers").reset_index()
    totals = counted.groupby("main_store")["customers"].transform("sum")
    every = counted.groupby("segment")["customers"].transform("sum")
    counted = counted.assign(whole=totals, every=every, all=int(counted["customers"].sum()))
    if found.too_small or not (counted["main_store"] == found.item).any():
        return nothing(_("too few customers of its own"))
    gated = gate(counted, run, label("main_store"), label("segment", _("Segment"), "name", swatch=True),
                 people("customers", _("Customers")), people("whole"), people("every"), people("all"),
                 rate("here", _("Share here"), per=("customers", "whole"), interval=False, decimals=0),
                 rate("there", _("In all stores"), per=("every", "all"), interval=False, decimals=0),
                 totals=True)  # fmt: skip
    own = gated.rows(lambda frame: frame["main_store"] == found.item).ordered("customers", descending=True)
    return own.table(_("Who the store's customers are"))
