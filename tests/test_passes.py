"""How often each chapter goes through the order lines and the orders: as docs/scale.md has it, and not once more."""

import re
import shutil
from collections import Counter

import pandas as pd
import pytest

from crmlib import churn, satisfaction, segmentation
from crmlib.demo.canonical import perfect_tables
from crmlib.demo.chain import simulate
from crmlib.demo.plan import Plan
from crmlib.prep.derived import write_orders
from crmlib.workspace import open_run

CHAPTERS = {"02_segmentation": segmentation, "03_churn": churn, "04_satisfaction": satisfaction}
READ = re.compile(r'"(clean_transactions|clean_orders|clean_customer_days|order_categories_[0-9a-f]+)" AS')
ROW = re.compile(r"^\| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
TABLES = ("clean_transactions", "clean_orders", "clean_customer_days", "order_categories")


class Counted:
    """A connection that counts how often the queries that it is given read the lines and what is made of them."""

    def __init__(self, con):
        self.con, self.reads = con, Counter()

    def __getattr__(self, name):
        return getattr(self.con, name)

    def execute(self, query, *more, **named):
        self._count(query)
        return self.con.execute(query, *more, **named)

    def sql(self, query, *more, **named):
        self._count(query)
        return self.con.sql(query, *more, **named)

    def _count(self, query):
        found = READ.findall(query) if isinstance(query, str) else []
        self.reads.update("order_categories" if name.startswith("order_categories") else name for name in found)


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory, project):
    folder = tmp_path_factory.mktemp("passes") / "run"
    run = open_run(project / "params" / "demo.yaml", run_dir=folder)
    (folder / "clean").mkdir()
    for name, table in perfect_tables(simulate(Plan(members=1200))).items():
        table.to_parquet(folder / "clean" / f"{name}.parquet", index=False)
    write_orders(run, folder / "landed")
    shutil.rmtree(folder / "landed")
    people = pd.read_parquet(folder / "clean" / "customers.parquet")[["customer_id"]]
    run.write("segments", people.assign(segment="loyal"), by=["customer_id"])
    return folder


def passes_of(room, run):
    run.con.con = Counted(run.con.con)
    found = room.study(run)
    for show in room.PARTS:
        show(found, run)
    return run.con.con.reads


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_makes_no_pass_over_lines_and_orders_that_the_budget_does_not_have(chapter, run_dir, project):
    page = (project / "docs" / "scale.md").read_text(encoding="utf-8")
    budget = {row[0]: tuple(map(int, row[1:])) for row in ROW.findall(page)}
    reads = passes_of(CHAPTERS[chapter], open_run(project / "params" / "demo.yaml", run_dir=run_dir))
    assert tuple(reads[table] for table in TABLES) == budget[chapter]
