"""Three customers of a shop that says what they are worth, and what chapter 03 assumes of a contact."""

import pandas as pd
import pytest

from crmlib.actions.lists.candidates import PUT_FORWARD, Gathered


@pytest.fixture
def assumed():
    ranges = {"kept_value": (50, 100, 150), "incentive": (4, 5, 6), "contact": (0.5, 1, 2), "kept": (0.1, 0.3, 0.5)}
    ends = {f"{name}{end}": float(value) for name, three in ranges.items()
            for end, value in zip(("_low", "", "_high"), three, strict=True)}  # fmt: skip
    return pd.Series(ends | {"told_by": "campaigns"})


@pytest.fixture
def customers():
    return pd.DataFrame({
        "customer_id": ["a", "b", "c"], "segment": ["x", "y", "x"], "lifecycle": "active",
        "main_store": ["S1", None, "S2"],
        "store": ["Harbour", None, "S2"], "lifetime_value": [10.0, 20.0, None], "lifetime_value_low": [8.0, 20.0, None],
        "lifetime_value_high": [15.0, 20.0, None], "churn_probability": [0.5, 0.8, 0.9],
        "kept_value": [200.0, 100.0, 40.0], "last_purchase": None,
    })  # fmt: skip


@pytest.fixture
def gathered(customers, assumed):
    """Give a function that puts customers forward: rows of customer, reason and score."""

    def made(*rows, values=True):
        told = pd.DataFrame(rows, columns=["customer_id", "reason", "score"]).reindex(columns=list(PUT_FORWARD))
        types = {"since": "datetime64[us]", "why": "object", "value_at_stake": "float64", "score": "float64"}
        known = customers if values else customers.assign(kept_value=float("nan"))
        return Gathered(
            told.astype(types | {"customer_id": "str", "reason": "str"}), known, assumed if values else None
        )

    return made


@pytest.fixture
def nobody():
    """Nobody refuses, nobody was contacted."""
    columns = {"customer_id": "str", "quiet": "bool", "contacts": "int64", "refuses": "bool"}
    return pd.DataFrame(columns=list(columns)).astype(columns)
