"""A little shop in a temporary folder: any files, any parameters, prepared."""

import pytest
import yaml

from crmlib.prep import prepare
from crmlib.workspace import open_run

COLUMNS = {
    "order_id": "no",
    "ordered_at": "at",
    "product_id": "sku",
    "quantity": "qty",
    "unit_price": "price",
    "customer_id": "who",
}


@pytest.fixture
def shop(tmp_path):
    """Give a function that writes files and parameters, prepares them, and gives the run and its account."""

    def prepared(files, *, cleaning=None, source=None, sources=None, more=None):
        for name, content in files.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        transactions = {"path": "../data/*.csv", "columns": COLUMNS} | (source or {})
        params = {
            "series": "shop",
            "title": "A shop",
            "as_of": "2026-03-01",
            "sources": {"transactions": transactions} | (sources or {}),
            "cleaning": cleaning or {},
            "privacy": {"demo_key": True},
        } | (more or {})
        (tmp_path / "params").mkdir(exist_ok=True)
        file = tmp_path / "params" / "shop.yaml"
        file.write_text(yaml.safe_dump(params, allow_unicode=True), encoding="utf-8")
        run = open_run(file)
        return run, prepare(run)

    return prepared
