"""The peer: what one would write by hand in DuckDB's SQL for these files, with the rules that preparation applies."""

import sys
from pathlib import Path

import duckdb

MISSING = "('', 'NA', 'N/A', 'n/a', '#N/A', 'NULL', 'Null', 'null', 'None', 'none', 'NaN', 'nan', '-', '--', '-99')"
NAMES = ("store", "order_no", "sold_at", "card", "sku", "article", "qty", "price", "discount", "paid", "cost",
         "promotion", "payment")  # fmt: skip
WIDE, PLAIN = "０１２３４５６７８９", "0123456789"

READ_CSV = """
    SELECT filename AS file, row_number() OVER () AS line, * EXCLUDE (filename)
    FROM read_csv('{folder}/lines_*.csv', all_varchar = true, header = true, filename = true, store_rejects = true,
                  delim = ',', quote = '"', null_padding = false)
"""
READ_PARQUET = """
    SELECT filename AS file, file_row_number AS line, * EXCLUDE (filename, file_row_number)
    FROM read_parquet('{folder}/lines_*.parquet', filename = true, file_row_number = true)
"""
SCRIPT = """
CREATE TABLE delivered AS SELECT *, sha256(concat_ws(chr(31), {all})) AS digest FROM ({read});

CREATE TABLE typed AS
WITH tidied AS (
    SELECT file, line, digest, {tidied} FROM delivered
), parsed AS (
    SELECT file, line, digest, store, order_no, sku, article, promotion, payment, sold_at AS said_at, qty AS said_qty,
        price AS said_price, paid AS said_paid, cost AS said_cost,
        translate(regexp_replace(card, '^([0-9]+)[.]0+$', '\\1'), '{wide}', '{plain}') AS card,
        coalesce(try_strptime(sold_at, '%Y-%m-%d %H:%M:%S'), try_strptime(sold_at, '%Y/%m/%d %H:%M:%S')) AS sold_at,
        {numbers}
    FROM tidied
)
SELECT *,
    starts_with(order_no, 'TH') OR qty < 0 OR paid < 0 AS is_return,
    sku NOT IN ('BAG', 'FREIGHT', 'VOUCHER', 'ADJ') AS is_product,
    (CASE WHEN said_at IS NOT NULL AND sold_at IS NULL THEN 'unreadable_sold_at ' ELSE '' END
     || CASE WHEN said_qty IS NOT NULL AND qty IS NULL THEN 'unreadable_qty ' ELSE '' END
     || CASE WHEN said_price IS NOT NULL AND price IS NULL THEN 'unreadable_price ' ELSE '' END
     || CASE WHEN said_paid IS NOT NULL AND paid IS NULL THEN 'unreadable_paid ' ELSE '' END
     || CASE WHEN said_at IS NULL THEN 'missing_sold_at ' ELSE '' END
     || CASE WHEN said_paid IS NULL AND (qty * price) IS NULL THEN 'missing_paid ' ELSE '' END
     || CASE WHEN sold_at < DATE '1990-01-01' THEN 'too_early ' ELSE '' END
     || CASE WHEN sold_at >= DATE '2026-02-01' THEN 'too_late ' ELSE '' END) AS reasons
FROM parsed;

CREATE TABLE repeated AS
SELECT file, line FROM (
    SELECT file, line, row_number() OVER (PARTITION BY digest, nth ORDER BY file) AS place
    FROM (
        SELECT file, line, digest, row_number() OVER (PARTITION BY digest, file ORDER BY line) AS nth
        FROM typed
        WHERE reasons = '' AND digest IN (SELECT digest FROM typed GROUP BY digest HAVING count(*) > 1)
    )
) WHERE place > 1;

CREATE TABLE people AS
SELECT card, 'c' || left(sha256('a key of some length' || card), 16) AS customer_id
FROM (SELECT DISTINCT card FROM typed WHERE card IS NOT NULL);

COPY (
    SELECT p.customer_id, t.order_no, t.line::VARCHAR AS line_id, t.sold_at, t.sku, t.article, t.qty, t.price,
        coalesce(t.paid, t.qty * t.price) AS amount, t.discount, t.cost, t.store, t.promotion, t.payment, t.is_return,
        t.is_product, t.is_product AND NOT t.is_return AND t.paid > 0 AS is_purchase, t.file, t.line
    FROM typed t LEFT JOIN people p USING (card) ANTI JOIN repeated r ON t.file = r.file AND t.line = r.line
    WHERE t.reasons = ''
    ORDER BY t.sold_at, t.file, t.line
) TO '{folder}/script_clean.parquet' (FORMAT parquet);

COPY (
    SELECT t.file, t.line, CASE WHEN t.reasons = '' THEN 'delivered_twice' ELSE t.reasons END AS reasons, t.paid,
        concat_ws(',', {all_d}) AS original
    FROM typed t JOIN delivered d ON t.file = d.file AND t.line = d.line
    WHERE t.reasons <> '' OR (t.file, t.line) IN (SELECT file, line FROM repeated)
    ORDER BY 1, 2
) TO '{folder}/script_quarantine.parquet' (FORMAT parquet);
"""
COUNTS = """
SELECT (SELECT count(*) FROM typed), (SELECT count(*) FROM '{folder}/script_clean.parquet'),
    (SELECT count(*) FROM '{folder}/script_quarantine.parquet'),
    (SELECT sum(amount) FROM '{folder}/script_clean.parquet')
"""


def script(folder: Path, kind: str) -> str:
    """Write the SQL for a folder of CSV or Parquet files."""
    read = (READ_CSV if kind == "csv" else READ_PARQUET).format(folder=folder)
    tidied = ", ".join(f"CASE WHEN trim({n}) IN {MISSING} THEN NULL ELSE trim({n}) END AS {n}" for n in NAMES)
    numbers = ", ".join(
        f"TRY_CAST(replace({n}, ',', '') AS DECIMAL(18, 4)) AS {n}"
        for n in ("qty", "price", "discount", "paid", "cost")
    )
    every = ", ".join(f"coalesce({n}, '')" for n in NAMES)
    every_d = ", ".join(f"coalesce(d.{n}, '')" for n in NAMES)
    return SCRIPT.format(
        folder=folder, read=read, tidied=tidied, numbers=numbers, all=every, all_d=every_d, wide=WIDE, plain=PLAIN
    )


if __name__ == "__main__":
    place, form = Path(sys.argv[1]), sys.argv[2]
    con = duckdb.connect(str(place / "script.duckdb"))
    for statement in script(place, form).split(";\n"):
        if statement.strip():
            con.execute(statement)
    print(*con.execute(COUNTS.format(folder=place)).fetchone())
