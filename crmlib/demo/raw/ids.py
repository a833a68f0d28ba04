"""By which id each line of a raw file names its customer."""

import numpy as np
import pandas as pd

from crmlib.demo.chain import Chain


def member_numbers(chain: Chain, person: pd.Series) -> pd.Series:
    """Give each person's member number (the first, where there are two); missing for strangers (−1)."""
    cards = chain.accounts[(chain.accounts["system"] == "till") & ~chain.accounts["second"]].set_index("person")[
        "account"
    ]
    return person.map(cards)


def till_numbers(chain: Chain, sales: pd.DataFrame) -> pd.Series:
    """Give the member number shown at the till: members with two cards show now one, now the other, by order."""
    first = member_numbers(chain, sales["person"])
    cards = chain.accounts[(chain.accounts["system"] == "till") & chain.accounts["second"]].set_index("person")[
        "account"
    ]
    second = sales["person"].map(cards)
    other = chain.plan.stream("cards").random(len(chain.orders)) < 0.5
    shown = np.append(other, values=False)[sales["parcel"]]
    return first.where(~shown | second.isna(), second)


def account_ids(chain: Chain, system: str, person: pd.Series) -> pd.Series:
    """Give each person's account in the web shop or the mini-programme."""
    accounts = chain.accounts[chain.accounts["system"] == system].set_index("person")["account"]
    return person.map(accounts)
