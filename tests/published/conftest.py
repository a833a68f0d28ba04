"""The CDNOW 1/10 sample as the literature uses it."""

from pathlib import Path

import pandas as pd
import pytest

from crmlib.btyd import customer_summary

FIT_END = "1997-09-30"
HOLDOUT_END = "1998-06-30"
HOLDOUT_WEEKS = 39


@pytest.fixture(scope="session")
def cdnow_orders(shared_data: Path) -> pd.DataFrame:
    path = shared_data / "cdnow" / "CDNOW_sample.txt"
    if not path.is_file():
        pytest.skip(f"real data not found: expected {path}")
    names = ["master_id", "customer_id", "ordered_at", "units", "amount"]
    orders = pd.read_csv(path, sep=r"\s+", header=None, names=names, dtype={"ordered_at": "str"})
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"], format="%Y%m%d")
    return orders


@pytest.fixture(scope="session")
def cdnow(cdnow_orders: pd.DataFrame) -> pd.DataFrame:
    return customer_summary(cdnow_orders, FIT_END, gaps=True)


@pytest.fixture(scope="session")
def cdnow_held_out(cdnow_orders: pd.DataFrame, cdnow: pd.DataFrame) -> pd.Series:
    later = customer_summary(cdnow_orders, HOLDOUT_END)["frequency"].reindex(cdnow.index)
    return later - cdnow["frequency"]
