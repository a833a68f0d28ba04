"""The whole report from 1 to 100 million order lines: seconds and memory of every part, beside SQL by hand.

``BENCH_SCALE`` names the sizes in millions of lines (1,3,10 if not given), ``BENCH_SCALE_CSV`` those that are read from
CSV too (10). Customers grow with the lines, thirty lines each. By hand, in the same run on the same lines: the cleaning
rules as a DuckDB script, and one row of features a customer from our clean lines. Beside them the demo and, where its
data are there, Online Retail. With a file's name the figures are written there, as Markdown.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np
from _measured import Measured, measured
from _prep_data import write_lines
from prep_speed import parameters

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CRM = str(Path(sys.executable).with_name("crm"))
SIZES = [float(size) for size in os.environ.get("BENCH_SCALE", "1,3,10").split(",")]
FROM_CSV = {float(size) for size in os.environ.get("BENCH_SCALE_CSV", "10").split(",") if size}
WHOLE = "the whole report"
TO_REACH = {(10, "Parquet"): (240, 6), (10, "CSV"): (300, inf), (100, "Parquet"): (1800, 20)}
"""Seconds and GiB of the whole report, by millions of lines and format."""
OF_SERIES = {"demo": (40, inf), "online_retail": (40, inf)}
MOST_SLOPE = 1.05
FEATURES = """
import sys
import duckdb
from segmentation_features import WRITTEN_BY_HAND
con = duckdb.connect()
sql = WRITTEN_BY_HAND.format(file=sys.argv[1], as_of="2026-01-01")
con.execute(f"COPY ({sql}) TO '{sys.argv[2]}' (FORMAT parquet)")
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one part took: seconds and GiB at most, and what is to be reached."""

    lines: str
    source: str
    part: str
    seconds: float
    gib: float
    to_reach: tuple[float, float] = (inf, inf)

    @property
    def kept(self) -> bool:
        """Whether it keeps to its limits."""
        return self.seconds <= self.to_reach[0] and self.gib <= self.to_reach[1]

    @property
    def row(self) -> str:
        """The figure as a row of the table."""
        seconds, gib = self.to_reach
        limits = [f"{seconds:g} s"] * (seconds < inf) + [f"{gib:g} GiB"] * (gib < inf)
        target = ", ".join(limits) + ("" if self.kept else " **missed**")
        return f"| {self.lines} | {self.source} | {self.part} | {self.seconds:.1f} | {self.gib:.2f} | {target} |"


def report(params: Path, out: Path, named: tuple[str, str], to_reach: tuple[float, float]) -> Iterator[Figure]:
    """Run a report in a folder of its own and give its figures, the whole first."""
    whole = measured([CRM, "run", str(params), "--out", str(out)], ROOT)
    yield Figure(*named, WHOLE, whole.seconds, whole.gib, to_reach)
    timings = json.loads(next((out / "work").rglob("timings.json")).read_text(encoding="utf-8"))
    for chapter, times in sorted(timings.items()):
        yield Figure(*named, chapter, times["seconds"], (times["peak_mb"] or 0) * 1e6 / 2**30)


def of_size(millions: float) -> Iterator[Figure]:
    """Measure one size from each format that is asked for, and the same by hand."""
    lines, text = round(millions * 1e6), millions in FROM_CSV
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name:
        folder = Path(name)
        write_lines(folder, lines, text=text)
        for kind, source in (("parquet", "Parquet"), *((("csv", "CSV"),) if text else ())):
            named, out = (f"{lines:,}", source), folder / f"out_{kind}"
            yield from report(parameters(folder, kind), out, named, TO_REACH.get((millions, source), (inf, inf)))
            script = measured([sys.executable, str(HERE / "_prep_script.py"), str(folder), kind])
            yield _by_hand(named, "cleaning, SQL by hand", script)
            clean = next((out / "work").rglob("clean/transactions.parquet"))
            features = measured([sys.executable, "-c", FEATURES, str(clean), str(folder / "script.parquet")], HERE)
            yield _by_hand(named, "features, SQL by hand", features)
            for rest in folder.glob("script*"):
                rest.unlink()


def _by_hand(named: tuple[str, str], part: str, took: Measured) -> Figure:
    return Figure(*named, part, took.seconds, took.gib)


def of_series() -> Iterator[Figure]:
    """Measure the demo and Online Retail, where their data are."""
    measured([CRM, "demo"], ROOT)
    for series, to_reach in OF_SERIES.items():
        if series == "demo" or (ROOT.parent / "shared" / "data" / series).is_dir():
            with tempfile.TemporaryDirectory() as out:
                yield next(report(ROOT / "params" / f"{series}.yaml", Path(out), (series, "CSV"), to_reach))


def slope(figures: list[Figure]) -> float:
    """Give the slope of seconds against lines, both as logarithms, of the whole report from Parquet."""
    wholes = [each for each in figures if each.part == WHOLE and each.source == "Parquet"]
    lines = [float(each.lines.replace(",", "")) for each in wholes]
    return float(np.polyfit(np.log(lines), np.log([each.seconds for each in wholes]), 1)[0]) if len(lines) > 1 else 0.0


def main() -> int:
    """Print all figures, or write them into the file that is named; 1 if one is missed."""
    figures = []
    for found in (*map(of_size, sorted(SIZES)), of_series()):
        for figure in found:
            figures.append(figure)
            print(figure.row, file=sys.stderr, flush=True)
    found = slope(figures)
    page = "\n".join([
        f"Measured on {os.cpu_count()} cores by `make bench-scale`: wall-clock seconds, and the most memory that all",
        "processes of a part held together (of a chapter: its own process).",
        "",
        "| lines | from | part | seconds | GiB at most | to reach |",
        "| ---: | --- | --- | ---: | ---: | --- |",
        *(figure.row for figure in figures),
        "",
        f"Seconds of the whole report against lines, log-log: a slope of {found:.2f} (to reach: {MOST_SLOPE} at most).",
        "",
    ])  # fmt: skip
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page, encoding="utf-8")
    else:
        print(page)
    return 0 if all(figure.kept for figure in figures) and found <= MOST_SLOPE else 1


if __name__ == "__main__":
    sys.exit(main())
