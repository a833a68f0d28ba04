"""RFM, cohorts and pairs on UCI Online Retail, beside openretailscience 0.48.1 in an environment of its own.

The same lines (known customers, purchases, before December 2011) as Parquet, both sides in one run, warm, the median of
three; where definitions agree, the results must too. The first call installs openretailscience from the package index
that is configured, into work/bench/; where it cannot be installed, or the data are missing, the benchmark says so.
Wanted: faster in all three.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "online_retail" / "by-day"
PEER = "openretailscience==0.48.1"
HOME = ROOT / "work" / "bench" / PEER.replace("==", "-")
WORKER = Path(__file__).with_name("_retail_side.py")

CLEANED = """
copy (
    select
        CustomerID as customer_id, InvoiceNo as order_id, StockCode as product_id,
        strptime(InvoiceDate, {format}) as ordered_at,
        cast(Quantity as decimal(18, 4)) as quantity,
        cast(cast(Quantity as integer) * cast(UnitPrice as decimal(18, 4)) as decimal(18, 4)) as amount,
        cast(null as varchar) as channel, cast(null as varchar) as store_id,
        false as is_return, true as is_product
    from read_csv('{data}/*.csv', all_varchar = true, header = true)
    where InvoiceNo not like 'C%' and CustomerID <> '' and cast(Quantity as integer) > 0
      and cast(UnitPrice as decimal(18, 4)) > 0
) to '{file}' (format parquet)
"""


def peer_python() -> Path | None:
    """Give the Python of the environment with openretailscience, made on the first call; none where that fails."""
    python = HOME / "bin" / "python"
    if not (HOME / "complete").exists():
        print(f"installing {PEER} into {HOME.relative_to(ROOT)} …", flush=True)
        venv.create(HOME, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
        done = subprocess.run([*command, PEER], check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"skipped: {PEER} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
            return None
        (HOME / "complete").touch()
    return python


def clean(folder: Path) -> None:
    """Write the lines that both sides read."""
    con = duckdb.connect()
    first = con.execute(f"select InvoiceDate from read_csv('{DATA}/*.csv', all_varchar = true) limit 1").fetchone()[0]
    written = "'%Y-%m-%d %H:%M:%S'" if first[4] == "-" else "'%m/%d/%Y %H:%M'"
    con.execute(CLEANED.format(data=DATA, file=folder / "lines.parquet", format=written))


def run(python: Path, side: str, folder: Path) -> dict[str, float]:
    """Let one side answer, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT) if side == "ours" else "", "PYTHONWARNINGS": "ignore"}
    command = [python, WORKER, side, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout.strip().splitlines()[-1])


def check(folder: Path) -> dict[str, str]:
    """Compare the answers where definitions agree, and say what was compared."""
    answers = {
        name: [pd.read_parquet(folder / f"{side}_{name}.parquet") for side in ("ours", "theirs")]
        for name in ("rfm", "cohorts", "pairs")
    }
    measures = ["customer_id", "days_since_last", "orders", "spend"]
    one, two = (
        frame[measures].astype({"spend": "float64"}).sort_values("customer_id", ignore_index=True)
        for frame in answers["rfm"]
    )
    pd.testing.assert_frame_equal(one, two, check_dtype=False)
    cells = [
        frame.assign(cohort=pd.to_datetime(frame["cohort"]), age=frame["age"].astype(int))
        .query("active > 0")
        .sort_values(["cohort", "age"], ignore_index=True)[["cohort", "age", "active"]]
        for frame in answers["cohorts"]
    ]
    pd.testing.assert_frame_equal(*cells, check_dtype=False)
    mine, peer = answers["pairs"]
    both = mine.merge(peer, on=["product_1", "product_2"], how="left", validate="one_to_one", suffixes=("", "_peer"))
    for name in ("together", "support", "confidence", "lift"):
        np.testing.assert_allclose(both[name], both[f"{name}_peer"].astype(float), rtol=1e-9)
    assert len(peer) in {len(mine), 2 * len(mine)}
    return {
        "rfm": f"{len(one):,} customers: recency, orders, spend",
        "cohorts": f"{len(cells[0]):,} cells: active customers",
        "pairs": f"{len(mine):,} pairs: together, support, confidence, lift",
    }


def main() -> int:
    """Print the table; give 1 where ours is not the faster one."""
    if not DATA.is_dir():
        print("skipped: UCI Online Retail is not beside the project (../shared/data/online_retail)")
        return 0
    python = peer_python()
    if python is None:
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean(folder)
        seconds = {"ours": run(Path(sys.executable), "ours", folder), "theirs": run(python, "theirs", folder)}
        same = check(folder)
    print(f"{'':10}{'ours s':>9}{PEER.replace('==', ' ') + ' s':>28}{'times':>8}   the same on both sides")
    for answer, said in same.items():
        mine, peer = seconds["ours"][answer], seconds["theirs"][answer]
        print(f"{answer:10}{mine:9.3f}{peer:28.3f}{peer / mine:8.2f}   {said}")
    slower = [name for name in same if seconds["ours"][name] >= seconds["theirs"][name]]
    print(f"wanted faster in all three, reached: {'yes' if not slower else 'NO, slower in ' + ', '.join(slower)}")
    return int(bool(slower))


if __name__ == "__main__":
    sys.exit(main())
