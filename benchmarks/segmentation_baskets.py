"""What goes with what on a million baskets: whether they fit, and how long it takes.

Baskets of 1 to 30 articles of 5,000, popular ones far more often, five pairs planted; pairs and larger sets are looked
for and checked as the page does.
"""

import os
import resource
import tempfile
import time
from datetime import date
from pathlib import Path

from crmlib.engine import connect
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.affinity.pairs import affinities

BASKETS = int(os.environ.get("BASKETS", "1000000"))
PLANTED = 5

MADE = """
copy (
    with baskets as (
        select i, (hash(i) % 1000) / 1000.0 as u, hash(i * 3 + 1) % {customers} as who from range({baskets}) t(i)
    ),
    drawn as (
        select i, who, unnest(range((1 + 29 * pow(u, 4))::bigint)) as place from baskets
    ),
    articles as (
        select i, who, (5000 * pow((hash(i * 31 + place) % 1000000) / 1e6, 3))::bigint as article from drawn
    ),
    whole as (
        select * from articles
        union all
        -- who buys one of the planted articles takes its companion along in four of ten cases
        select i, who, 6000 + article from articles
        where article % 100 = 0 and article between 100 and {last} - 1 and hash(i * 7 + article) % 10 < 4
    )
    select distinct
        'c' || who as customer_id, 'o' || i as order_id, 'p' || article as product_id,
        timestamp '2025-11-01' + to_seconds((hash(i * 5 + 2) % 31536000)::bigint) as ordered_at,
        cast(1 as decimal(18, 4)) as quantity, cast(5 + article % 40 as decimal(18, 4)) as amount,
        cast(null as varchar) as channel, cast(null as varchar) as store_id, false as is_return, true as is_product
    from whole
) to '{file}' (format parquet)
"""


def main() -> None:
    """Print what was found, the seconds and the memory."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.parquet"
        backend = connect()
        last = 100 * (PLANTED + 1)
        backend.con.execute(MADE.format(baskets=BASKETS, customers=BASKETS // 8, last=last, file=file))
        lines = backend.read_parquet(str(file))
        entries = lines.count().to_pandas()
        start = time.perf_counter()
        found = affinities(lines, date(2026, 11, 1), SegmentationSection())
        seconds = time.perf_counter() - start
    pairs = {frozenset(pair) for pair in zip(found.pairs["first"], found.pairs["second"], strict=True)}
    planted = sum(frozenset((f"p{n}", f"p{6000 + n}")) in pairs for n in range(100, last, 100))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{found.baskets:,} baskets, {entries:,} lines, {found.items:,} articles: {found.compared:,} pairs compared")
    print(f"found {found.found:,} pairs, {planted} of the {PLANTED} planted; {found.larger.found} larger sets")
    print(f"{seconds:.1f} s, {memory:.1f} GB with the making of the baskets")


if __name__ == "__main__":
    main()
