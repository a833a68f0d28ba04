"""What the chapters read in place of the order lines, written beside them: orders, and days of known customers."""

from pathlib import Path

from crmlib.orders import ORDER_KEY, complete_orders, customer_days, in_columns, order_rows
from crmlib.prep.staging import stage
from crmlib.tables import DERIVED
from crmlib.workspace import Run, private_folder


def write_orders(run: Run, folder: Path) -> None:
    """Write ``clean/orders.parquet`` and ``clean/customer_days.parquet``: one pass over the lines alone.

    The orders wait in a private folder, as all that preparation lands on its way.
    """
    products = run.table("products") if run.has("products") else None
    rows = stage(run.con, order_rows(run.table("transactions"), products), private_folder(folder), "orders")
    run.write_clean("orders", in_columns(complete_orders(rows), DERIVED["orders"]), by=ORDER_KEY)
    days = customer_days(run.table("orders"))
    run.write_clean("customer_days", in_columns(days, DERIVED["customer_days"]), by=DERIVED["customer_days"].key)
