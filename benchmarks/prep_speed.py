"""Preparation of ten million order lines with the demo's dirt, beside a DuckDB script of the same rules by hand.

Both read the same files in the same run, one process each, and must find the same numbers of lines and the same money.
Ours does more than the script: it matches returns to purchases, flags accounts, prices and quantities, looks for
personal data, keeps the identity map encrypted and accounts for every step.
``PREP_LINES`` asks for another size. Besides, Online Retail from its daily CSV files where the real data are there.
"""

import os
import shutil
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import yaml
from _measured import measured
from _prep_data import write_lines

HERE = Path(__file__).resolve().parent
LINES = int(os.environ.get("PREP_LINES", "10000000"))
MOST_TIMES, MOST_GIB, MOST_SECONDS = 1.5, 6.0, 12.0
OURS = """
import sys
from crmlib.prep import prepare
from crmlib.workspace import open_run
run = open_run(sys.argv[1], run_dir=sys.argv[2])
rows = prepare(run).reconciliation
sums = rows[["lines_in", "clean", "quarantined", "merged"]].sum()
print(sums["lines_in"], sums["clean"], sums["quarantined"] + sums["merged"], rows["money_clean"].sum())
"""
COLUMNS = {
    "store_id": "store", "order_id": "order_no", "ordered_at": "sold_at", "customer_id": "card", "product_id": "sku",
    "description": "article", "quantity": "qty", "unit_price": "price", "discount": "discount", "amount": "paid",
    "cost": "cost", "promotion_id": "promotion", "payment_method": "payment",
}  # fmt: skip


def parameters(folder: Path, kind: str) -> Path:
    """Write the parameters of a report series over the files."""
    source = {"name": "till", "path": f"lines_*.{kind}", "missing": ["-99"], "columns": COLUMNS}
    params = {
        "series": "speed",
        "title": "Speed",
        "as_of": "2026-01-01",
        "sources": {"transactions": source},
        "cleaning": {
            "returns": {"order_id_prefix": "TH"},
            "non_products": ["BAG", "FREIGHT", "VOUCHER", "ADJ"],
            "latest": "2026-02-01",
        },
        "privacy": {"demo_key": True},
    }
    file = folder / f"{kind}.yaml"
    file.write_text(yaml.safe_dump(params), encoding="utf-8")
    return file


def compare(folder: Path, kind: str) -> bool:
    """Prepare the files both ways, print the figures and say whether ours keeps to the limits."""
    ours = measured(
        [sys.executable, "-W", "ignore", "-c", OURS, str(parameters(folder, kind)), str(folder / kind / "run")]
    )
    shutil.rmtree(folder / kind)
    script = measured([sys.executable, "-W", "ignore", str(HERE / "_prep_script.py"), str(folder), kind])
    for rest in folder.glob("script*"):
        rest.unlink()
    (lines, clean, aside, money), (_in, clean_too, aside_too, money_too) = ours.said.split(), script.said.split()
    times = ours.seconds / script.seconds
    sides = "   ".join(
        f"{who} {took.seconds:6.1f} s {took.gib:5.2f} GiB" for who, took in (("ours", ours), ("script", script))
    )
    print(f"  {kind:8} {sides}   {times:.2f} times (to reach: {MOST_TIMES}, {MOST_GIB:.0f} GiB)")
    print(f"           of {int(lines):,} lines {int(clean):,} are clean, {int(aside):,} set aside or merged")
    broken = 2 * (LINES // 20_000) if kind == "csv" else 0  # the script's reader drops them without a trace
    same = clean == clean_too and int(aside) - broken == int(aside_too) and Decimal(money) == Decimal(money_too)
    if not same:
        print(f"           script: {int(clean_too):,} clean, {int(aside_too):,} set aside, {money_too} not {money}")
    return same and times <= MOST_TIMES and ours.gib <= MOST_GIB


def online_retail(folder: Path) -> bool:
    """Prepare 541,909 lines of a real wholesaler from CSV."""
    if not (HERE.parents[1] / "shared" / "data" / "online_retail").is_dir():
        print("  Online Retail: not beside the project, left out")
        return True
    params = HERE.parent / "params" / "online_retail.yaml"
    ours = measured([sys.executable, "-W", "ignore", "-c", OURS, str(params), str(folder / "retail" / "run")])
    print(f"  Online Retail {ours.seconds:6.1f} s {ours.gib:5.2f} GiB   (to reach: {MOST_SECONDS:.0f} s)")
    return ours.seconds <= MOST_SECONDS


def main() -> int:
    """Print all figures; 1 if one is missed."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("PREP_FOLDER")) as name:
        folder = Path(name)
        print(f"{LINES:,} order lines, {os.cpu_count()} cores")
        write_lines(folder, LINES)
        kept = [compare(folder, "csv"), compare(folder, "parquet"), online_retail(folder)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
