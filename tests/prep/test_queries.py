"""A query over files reads what the parameters name and nothing else, unless they allow it."""

from decimal import Decimal

import pandas as pd
import pytest

from crmlib.params import ParameterError

COLUMNS = {"order_id": "no", "ordered_at": "sold", "amount": "paid"}
LINES = "no,sold,paid\n1,2026-02-01,5\n2,2026-02-02,7\n"


@pytest.fixture
def asked(shop, tmp_path):
    """Give a function that prepares a shop whose order lines a query gives."""
    (tmp_path / "secret.csv").write_text("no,sold,paid\n9,2026-02-09,99\n")

    def prepared(query, **privacy):
        more = {"files": {"lines": {"path": "../data/l.csv"}}, "privacy": {"demo_key": True} | privacy}
        query = query.replace("SECRET", f"{tmp_path}/secret.csv")
        run, _account = shop(
            {"l.csv": LINES}, sources={"transactions": {"query": query, "columns": COLUMNS}}, more=more
        )
        return pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")["amount"].tolist()

    return prepared


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * FROM read_csv('SECRET', all_varchar = true)", r"reads with read_csv\(\)"),
        ("SELECT * FROM read_csv_auto('SECRET')", r"reads with read_csv_auto\(\)"),
        ("SELECT * FROM read_parquet('SECRET')", r"reads with read_parquet\(\)"),
        ("SELECT file AS no, '2026-02-01' AS sold, 1 AS paid FROM glob('/etc/*')", r"reads with glob\(\)"),
        ("SELECT no, sold, (SELECT content FROM read_text('SECRET')) AS paid FROM lines", r"reads with read_text\(\)"),
        ("SELECT * FROM 'SECRET'", r"reads '.*', which is no name under `files`"),
        ('SELECT * FROM "SECRET"', "which is no name under `files`"),
        (
            'WITH a AS (WITH "x.csv" AS (SELECT 1) FROM "x.csv") SELECT * FROM "x.csv"',
            "reads 'x.csv', which is no name",
        ),
        ("FROM 'SECRET'", "which is no name under `files`"),
        ("SELECT l.* FROM lines l JOIN 'SECRET' s ON l.no = s.no", "which is no name under `files`"),
        ("SELECT * FROM lines UNION ALL SELECT * FROM 'SECRET'", "which is no name under `files`"),
        ("SELECT * FROM line", r"reads 'line', .* Did you mean lines\?"),
        ("SELECT * FROM information_schema.tables", "reads 'tables', which is no name"),
        ("SELECT * FROM query('FROM read_csv(1)')", r"reads with query\(\)"),
        ("SELECT no, sold, getenv('CRM_KEY') AS paid FROM lines", r"calls getenv\(\)"),
        ("SELECT no, sold, current_setting('secret_directory') AS paid FROM lines", r"calls current_setting\(\)"),
        ("COPY lines TO 'SECRET'", "is more than one SELECT"),
        ("ATTACH 'SECRET'", "is more than one SELECT"),
        ("INSTALL httpfs", "is more than one SELECT"),
        ("LOAD httpfs", "is more than one SELECT"),
        ("SELECT * FROM lines; COPY lines TO 'SECRET'", "is more than one SELECT"),
        ("SELECT FROM WHERE", "cannot be read"),
    ],
)
def test_what_reads_or_writes_by_itself_is_refused(asked, query, told):
    with pytest.raises(ParameterError, match=rf"sources\.transactions\.query: .*{told}"):
        asked(query)


@pytest.mark.parametrize(
    ("query", "paid"),
    [
        ("SELECT * FROM lines", [5, 7]),
        ("FROM LINES SELECT no, sold, paid", [5, 7]),
        ("WITH late AS (SELECT * FROM lines WHERE sold > '2026-02-01') SELECT * FROM late", [7]),
        ("SELECT l.no, l.sold, g AS paid FROM lines l, range(1, 2) t(g)", [1, 1]),
        ("SELECT l.no, l.sold, u.paid FROM lines l, unnest([3]) u(paid);", [3, 3]),
        ("SELECT no, sold, paid FROM (VALUES ('1', '2026-02-01', '4')) v(no, sold, paid)", [4]),
        ("SELECT * FROM lines QUALIFY row_number() OVER (ORDER BY sold) = 1", [5]),
    ],
)
def test_what_reads_the_names_under_files_is_run(asked, query, paid):
    assert asked(query) == [Decimal(each) for each in paid]


def test_the_parameters_may_allow_it(asked):
    assert asked("SELECT * FROM read_csv('SECRET', all_varchar = true)", queries_read_files=True) == [Decimal(99)]
