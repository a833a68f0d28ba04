"""Order lines with the demo's dirt, as many as asked for, in messy CSV and in Parquet: streamed, seeded."""

from pathlib import Path

import duckdb

SEED = 20261101
LINES_A_FILE = 1_000_000
HEADER = "store,order_no,sold_at,card,sku,article,qty,price,discount,paid,cost,promotion,payment\n"

# h: sixteen pseudo-random bits a line and purpose; the same seed gives the same lines on every machine
LINES = """
WITH drawn AS (
    SELECT i, hash(i, {seed}) AS a, hash(i, {seed} + 1) AS b, hash(i // 3, {seed} + 2) AS o, hash(i, {seed} + 3) AS d
    FROM range({first}, {last}) t(i)
),
sold AS (
    SELECT i, a, b, o, d,
        (o % {customers})::BIGINT AS customer,
        CASE WHEN b % 100 < 4 THEN -1 ELSE 1 END * (1 + a % 5)::INT AS qty,
        (199 + (a // 7) % 9800)::DECIMAL(18, 2) / 100 AS price,
        TIMESTAMP '2024-01-01 09:00:00' + to_seconds(((i // 3) * 3 * 63072000 // {lines} + o % 30000)::BIGINT) AS moment
    FROM drawn
)
SELECT
    'S' || lpad((o % 40)::VARCHAR, 2, '0') AS store,
    CASE WHEN qty < 0 THEN 'TH' ELSE '' END || (i // 3)::VARCHAR AS order_no,
    CASE WHEN d % 10000 < 3 THEN '2026-02-31 10:00:00' WHEN d % 10000 < 6 THEN ''
         WHEN d % 10000 < 9 THEN '1926-01-01 00:00:00' WHEN d % 100 < 4 THEN strftime(moment, '%Y/%-m/%-d %-H:%M:%S')
         ELSE strftime(moment, '%Y-%m-%d %H:%M:%S') END AS sold_at,
    CASE WHEN o % 100 < 30 THEN '-99' WHEN b % 100 < 3 THEN customer::VARCHAR || '.0'
         WHEN b % 100 < 4 THEN translate(customer::VARCHAR, '0123456789', '０１２３４５６７８９')
         ELSE customer::VARCHAR END AS card,
    CASE WHEN b % 1000 < 5 THEN 'BAG' ELSE 'P' || (a % 3000)::VARCHAR END AS sku,
    CASE WHEN d % 100 < 5 THEN ' ' ELSE '' END || 'Article ' || (a % 3000)::VARCHAR
        || CASE WHEN d % 50 = 0 THEN ', large' ELSE '' END AS article,
    CASE WHEN d % 10000 BETWEEN 20 AND 22 THEN 'two' ELSE qty::VARCHAR END AS qty,
    CASE WHEN price > 90 THEN '1,0' || price::VARCHAR ELSE price::VARCHAR END AS price,
    '0' AS discount,
    CASE WHEN d % 10000 BETWEEN 30 AND 32 THEN '??'
         ELSE (qty * CASE WHEN price > 90 THEN price + 1000 ELSE price END)::VARCHAR END AS paid,
    CASE WHEN d % 20 = 0 THEN '' ELSE (price * qty / 2)::DECIMAL(18, 2)::VARCHAR END AS cost,
    CASE WHEN a % 7 = 0 THEN 'SPRING' ELSE 'NULL' END AS promotion,
    CASE (o % 4)::INT WHEN 0 THEN 'cash' WHEN 1 THEN 'card' WHEN 2 THEN 'wallet' ELSE '' END AS payment
FROM sold
"""
BROKEN = "S01,{n},2025-01-01 10:00:00,7\nS01,{n},2025-01-01 10:00:00,7,P1,Tea,1,2,0,2,1,NULL,cash,one,more\n"


def write_lines(folder: Path, lines: int, *, text: bool = True) -> None:
    """Write the lines as Parquet files of a million each, and as CSV; each file repeats the end of the one before.

    A CSV file has broken lines besides.
    """
    con = duckdb.connect()
    for number, first in enumerate(range(0, lines, LINES_A_FILE)):
        last = min(first + LINES_A_FILE, lines)
        again = first - min(LINES_A_FILE // 200, first)
        values = {"seed": SEED, "first": again, "last": last, "lines": lines, "customers": max(lines // 30, 10)}
        sql = LINES.format(**values)
        con.execute(f"COPY ({sql}) TO '{folder}/lines_{number:03}.parquet' (FORMAT parquet)")
        if not text:
            continue
        path = folder / f"lines_{number:03}.csv"
        con.execute(f"COPY (FROM '{folder}/lines_{number:03}.parquet') TO '{path}' (FORMAT csv, HEADER)")
        with path.open("a", encoding="utf-8") as file:
            file.writelines(BROKEN.format(n=f"X{number}-{each}") for each in range((last - first) // 20_000))
    con.close()
