"""The chain as a perfect preparation would deliver it: the canonical tables, one customer id a person."""

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.campaigns import CAMPAIGNS
from crmlib.demo.chain import Chain
from crmlib.demo.plan import only_where

_ATTRIBUTES: Final = ("gender", "city", "region", "occupation", "tier", "points", "acquired_by", "consent")


def perfect_tables(chain: Chain) -> dict[str, pd.DataFrame]:
    """Give all canonical tables from the simulation itself, past the raw files and their dirt.

    Customers carry stand-in pseudonyms (``person_ids``); preparation makes its own from its key.

    Examples
    --------
    >>> from crmlib.demo.chain import simulate
    >>> from crmlib.demo.plan import Plan, only_where
    >>> tables = perfect_tables(simulate(Plan(seed=1, members=200)))
    >>> sorted(tables)
    ['contacts', 'customers', 'interactions', 'products', 'stores', 'surveys', 'transactions']
    """
    ids = person_ids(len(chain.people))
    products = chain.assortment.products[["product_id", "name", "category", "subcategory", "brand", "unit_cost"]]
    return {
        "transactions": _keyed(_numbered(chain.sales).drop(columns="parcel"), ids),
        "customers": _customers(chain, ids),
        "products": products,
        "stores": chain.stores.drop(columns="share"),
        "interactions": _keyed(chain.interactions.drop(columns="unresolved"), ids),
        "surveys": _keyed(chain.surveys, ids),
        "contacts": _keyed(_contacts(chain), ids),
    }


def person_ids(people: int) -> npt.NDArray[np.object_]:
    """Give a stand-in pseudonym for each person."""
    return np.array(["c" + hashlib.sha256(str(i).encode()).hexdigest()[:16] for i in range(people)], dtype=object)


def _keyed(frame: pd.DataFrame, ids: npt.NDArray[np.object_]) -> pd.DataFrame:
    person = frame["person"].to_numpy()
    customer = only_where(ids[np.maximum(person, 0)], person >= 0)
    return frame.drop(columns="person").assign(customer_id=customer)


def _numbered(sales: pd.DataFrame) -> pd.DataFrame:
    return sales.assign(
        is_purchase=sales["is_product"] & ~sales["is_return"] & (sales["amount"] > 0),
        line_id=(sales.groupby("order_id").cumcount() + 1).astype(str),
        source="demo",
        file="demo",
        line=np.arange(1, len(sales) + 1),
    )


def _customers(chain: Chain, ids: npt.NDArray[np.object_]) -> pd.DataFrame:
    people = chain.people
    start = np.datetime64(chain.plan.start)
    joined = start + np.floor(people["first_day"].to_numpy()).astype("timedelta64[D]")
    return pd.DataFrame({
        "customer_id": ids,
        "joined_at": joined,
        "birth_year": pd.to_datetime(people["birth_date"]).dt.year,
        **{c: people[c] for c in _ATTRIBUTES},
        "member_until": joined + np.timedelta64(3 * 365, "D"),
        "known_at": np.datetime64(chain.plan.end, "us"),
    })  # fmt: skip


def _contacts(chain: Chain) -> pd.DataFrame:
    contacts = chain.contacts
    number = contacts["campaign"].to_numpy()
    treated = contacts["treated"].to_numpy()
    return pd.DataFrame({
        "campaign_id": np.array([c.campaign_id for c in CAMPAIGNS])[number],
        "person": contacts["person"],
        "contacted_at": contacts["contacted_at"],
        "arm": np.where(treated, "treatment", "control"),
        "offer": only_where(np.array([c.offer for c in CAMPAIGNS])[number], treated),
        "cost": np.where(treated, np.array([c.cost for c in CAMPAIGNS])[number], 0.0),
        "responded_at": contacts["responded_at"],
        "response_value": contacts["response_value"],
    })  # fmt: skip
