"""One side of the comparison of RFM, cohorts and pairs; started by segmentation_peer.py with either Python."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

AS_OF = date(2011, 12, 1)
LEAST_ORDERS, LEAST_TOGETHER = 100, 10
ROUNDS = 3


def ours(lines: Any) -> dict[str, Callable[[], pd.DataFrame]]:
    """Give our three answers: features and scores, the cohort table, all frequent pairs."""
    import ibis

    from crmlib.engine import computed_once
    from crmlib.features import customer_features
    from crmlib.segmentation.affinity import baskets
    from crmlib.segmentation.cohorts.retention import cohort_retention
    from crmlib.segmentation.customers.segments import rfm_scores

    def rfm() -> pd.DataFrame:
        features = customer_features(lines, AS_OF, ("days_since_last", "orders", "spend"))
        measures = features.select("customer_id", "days_since_last", "orders", "spend")
        customers = measures.mutate(spend=measures.spend.cast("float64")).to_pandas()
        return customers.join(rfm_scores(customers, bins=10).drop(columns="customer_id"))

    def cohorts() -> pd.DataFrame:
        return cohort_retention(lines, AS_OF, months=60)[["cohort", "age", "active"]]

    def pairs() -> pd.DataFrame:
        entries = baskets.basket_items(lines, AS_OF).mutate(late=ibis.literal(False))  # noqa: FBT003
        with computed_once(entries) as once:
            items = baskets.item_counts(once).to_pandas()
            kept = items[items["orders"] >= LEAST_ORDERS].sort_values("item", ignore_index=True)
            codes = ibis.memtable(
                pd.DataFrame({"item": kept["item"], "code": range(len(kept))}),
                schema={"item": "string", "code": "int64"},
            )
            with computed_once(baskets.comparable(once, codes)) as compared:
                met = baskets.pair_counts(compared, LEAST_TOGETHER).to_pandas()
        total, names, orders = items["baskets"].sum(), kept["item"].to_numpy(), kept["orders"].to_numpy()
        a, b = met["a"].to_numpy(), met["b"].to_numpy()
        both = met["early"].to_numpy(float)
        found = {"product_1": names[a], "product_2": names[b], "together": both, "support": both / total,
                 "confidence": both / orders[a], "lift": both * total / (orders[a] * orders[b])}  # fmt: skip
        return pd.DataFrame(found)

    return {"rfm": rfm, "cohorts": cohorts, "pairs": pairs}


def theirs(lines: Any) -> dict[str, Callable[[], pd.DataFrame]]:
    """Give openretailscience's three answers."""
    from openretailscience.analysis.cohort import CohortAnalysis
    from openretailscience.analysis.product_association import ProductAssociation
    from openretailscience.segmentation.rfm import RFMSegmentation

    seen = lines.filter(lines.ordered_at < pd.Timestamp(AS_OF)).rename(
        transaction_id="order_id", transaction_date="ordered_at", unit_spend="amount"
    )

    def rfm() -> pd.DataFrame:
        found = RFMSegmentation(seen, current_date=AS_OF - timedelta(days=1)).df.reset_index()
        return found.rename(columns={"recency_days": "days_since_last", "frequency": "orders", "monetary": "spend"})

    def cohorts() -> pd.DataFrame:
        table = CohortAnalysis(seen, aggregation_column="customer_id", agg_func="nunique", period="month").df
        long = table.rename_axis("cohort").melt(ignore_index=False, var_name="age", value_name="active").reset_index()
        return long[long["active"] > 0]

    def pairs() -> pd.DataFrame:
        found = ProductAssociation(
            seen, value_col="product_id", group_col="transaction_id",
            min_occurrences=LEAST_ORDERS, min_cooccurrences=LEAST_TOGETHER,
        ).df  # fmt: skip
        return found.rename(
            columns={
                "product_id_1": "product_1",
                "product_id_2": "product_2",
                "cooccurrences": "together",
                "uplift": "lift",
            }
        )

    return {"rfm": rfm, "cohorts": cohorts, "pairs": pairs}


def main() -> None:
    """Time each answer warm, write it as Parquet, print the seconds."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    import ibis

    lines = ibis.duckdb.connect().read_parquet(str(folder / "lines.parquet"), table_name="lines")
    seconds = {}
    for name, answer in (ours if side == "ours" else theirs)(lines).items():
        answer()
        taken = []
        for _round in range(ROUNDS):
            start = time.perf_counter()
            frame = answer()
            taken.append(time.perf_counter() - start)
        seconds[name] = statistics.median(taken)
        frame.to_parquet(folder / f"{side}_{name}.parquet")
    sys.stdout.write(json.dumps(seconds) + "\n")


if __name__ == "__main__":
    main()
