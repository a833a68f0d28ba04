"""The raw files: the same bytes for the same seed, as dirty as the truth says, read with plain readers."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from crmlib.demo import Chain, RawFiles, write_raw_files
from crmlib.demo.raw.till import COLUMNS, IMPOSSIBLE_TIMES
from crmlib.demo.segments import make_stores

SMALL = 600


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def till(raw: RawFiles) -> pd.DataFrame:
    files = sorted((raw.folder / "till").glob("*.csv"))
    parts = [pd.read_csv(f, encoding="gb18030", dtype=str, keep_default_na=False).assign(file=f.name) for f in files]
    return pd.concat(parts, ignore_index=True)


def planted(raw: RawFiles, kind: str, file: str) -> int:
    dirt = raw.dirt.set_index(["kind", "file"])["lines"]
    return int(dirt[kind, file])


def test_the_same_seed_gives_the_same_bytes(small_raw: RawFiles, tmp_path: Path) -> None:
    again = write_raw_files(tmp_path / "raw", seed=7, size=SMALL)
    assert digests(again.folder) == digests(small_raw.folder)
    assert digests(tmp_path / "truth") == digests(small_raw.folder.parent / "truth")


def test_another_seed_gives_other_bytes_and_leaves_no_old_file(tmp_path: Path) -> None:
    stale = tmp_path / "raw" / "till" / "2019-01.csv"
    stale.parent.mkdir(parents=True)
    stale.write_text("stale")
    one = digests(write_raw_files(tmp_path / "raw", seed=8, size=150).folder)
    assert not stale.exists()
    two = digests(write_raw_files(tmp_path / "raw", seed=9, size=150).folder)
    assert set(one) == set(two)
    assert all(one[name] != two[name] for name in one if name != "stores.csv")


def test_the_truth_stands_beside_the_raw_files(small_raw: RawFiles) -> None:
    names = {path.stem for path in (small_raw.folder.parent / "truth").glob("*.parquet")}
    assert {"people", "accounts", "drivers", "campaigns", "dirt", "deliveries", "secrets"} <= names
    assert not list(small_raw.folder.rglob("*truth*"))


def test_every_delivered_line_is_counted(raw: RawFiles, till: pd.DataFrame) -> None:
    counted = raw.deliveries.set_index("file")["lines"]
    by_file = till.groupby("file").size()
    assert by_file.to_dict() == {f: counted[f"till/{f}"] for f in by_file.index}
    web = sum(len(pd.read_csv(f, dtype=str)) for f in (raw.folder / "web").glob("orders_*.csv"))
    assert web == counted[counted.index.str.startswith("web/orders")].sum()
    mini = sum(pq.read_metadata(f).num_rows for f in (raw.folder / "mini").glob("*.parquet"))
    assert mini == counted[counted.index.str.startswith("mini/orders")].sum()
    assert counted[raw.deliveries.set_index("file")["table"] == "transactions"].sum() > 110_000


def test_lines_and_money_add_up(raw: RawFiles, chain: Chain) -> None:
    """Lines in the files = lines that happened + lines delivered twice; the money too, but for what cannot be read."""
    transactions = raw.deliveries[raw.deliveries["table"] == "transactions"]
    twice = raw.dirt[raw.dirt["kind"] == "delivered twice"]
    unreadable = raw.dirt[raw.dirt["kind"] == "unreadable amount"]
    assert transactions["lines"].sum() == len(chain.sales) + twice["lines"].sum()
    expected = chain.sales["amount"].sum() + twice["amount"].sum() - unreadable["amount"].sum()
    assert transactions["amount"].sum() == pytest.approx(expected, abs=0.01)


def test_money_in_the_till_files_is_the_money_counted(raw: RawFiles, till: pd.DataFrame) -> None:
    amount = pd.to_numeric(till["实付金额 "].where(till["实付金额 "] != "#REF!", "0"))
    counted = raw.deliveries[raw.deliveries["file"].str.startswith("till/")]["amount"].sum()
    assert amount.sum() == pytest.approx(counted, abs=0.01)


@pytest.mark.parametrize(
    ("kind", "column", "pattern"),
    [
        ("impossible time", "交易时间", "^(?:" + "|".join(IMPOSSIBLE_TIMES) + ")$"),
        ("unreadable quantity", " 数量", "^一$"),
        ("unreadable amount", "实付金额 ", "^#REF!$"),
        ("unknown product", "商品编码", "^99999$"),
        ("full-width digits", " 数量", "[０-９]"),
        ("blanks round the member number", "会员号", "^ .* *$"),
    ],
)
def test_the_till_holds_as_much_dirt_as_the_truth_says(
    raw: RawFiles, till: pd.DataFrame, kind: str, column: str, pattern: str
) -> None:
    assert till[column].str.contains(pattern).sum() == planted(raw, kind, "till")


def test_double_deliveries_are_whole_lines_of_the_month_before(raw: RawFiles, till: pd.DataFrame) -> None:
    counts = till.groupby([*COLUMNS, "file"], sort=False).size().rename("copies").reset_index()
    lines = counts.groupby(list(COLUMNS), sort=False)["copies"].agg(files="size", copies="sum", most="max")
    extra = lines[lines["files"] > 1]
    assert (extra["copies"] - extra["most"]).sum() == planted(raw, "delivered twice", "till")
    assert extra["files"].max() == 2


def test_second_scans_stay_within_one_file(raw: RawFiles, till: pd.DataFrame) -> None:
    first_delivery = till.sort_values("file", kind="stable")
    within = first_delivery.duplicated([*COLUMNS, "file"]).sum()
    counts = till.groupby([*COLUMNS, "file"], sort=False).size().rename("copies").reset_index()
    lines = counts.groupby(list(COLUMNS), sort=False)["copies"].agg(files="size", copies="sum")
    again = lines[lines["files"] > 1]
    second_scans_delivered_again = (again["copies"] / 2 - 1).sum()
    assert within - second_scans_delivered_again == planted(raw, "second scan", "till")


def test_member_numbers_look_like_a_spreadsheets_until_the_new_export(till: pd.DataFrame) -> None:
    number = till["会员号"].str.strip()
    old = till["file"] < "2025-07"
    named = ~number.isin(["", "散客"])
    assert number[old & named].str.fullmatch(r"[0-9]{6}\.0").mean() == 1
    assert number[~old & named & (till["file"] > "2025-08")].str.fullmatch(r"[0-9]{6}").all()
    assert {"", "散客"} <= set(number)


def test_headers_and_characters_are_as_planted(raw: RawFiles, till: pd.DataFrame) -> None:
    assert tuple(till.columns[:-1]) == COLUMNS
    stores = (raw.folder / "stores.csv").read_bytes().decode("gb18030")
    assert all(name in stores for name in make_stores()["name"])
    with pytest.raises(UnicodeDecodeError):
        (raw.folder / "stores.csv").read_bytes().decode("gbk")
    products = pd.read_csv(raw.folder / "products.csv", encoding="gb18030", dtype=str)
    assert {"$5-$10 =SUM(A1)", "<script>alert(1)</script>"} <= set(products["商品名称"])
    assert (raw.folder / "web" / "orders_2025Q1.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_nasty_articles_are_sold(till: pd.DataFrame) -> None:
    assert till["商品名称 "].isin(["$5-$10 =SUM(A1)", "<script>alert(1)</script>"]).sum() > 20


def test_the_web_shop_writes_thousands_marks_and_impossible_days(raw: RawFiles) -> None:
    web = pd.concat([pd.read_csv(f, dtype=str) for f in sorted((raw.folder / "web").glob("orders_*.csv"))])
    assert web["Unit Price"].str.contains(",").any()
    when = pd.to_datetime(web["Order Date"], format="%d/%m/%Y %H:%M:%S", errors="coerce")
    assert when.isna().sum() == planted(raw, "impossible time", "web")


def test_the_mini_programme_keeps_utc(raw: RawFiles, chain: Chain) -> None:
    table = pd.concat([pd.read_parquet(f) for f in sorted((raw.folder / "mini").glob("*.parquet"))])
    mine = chain.sales[chain.sales["channel"] == "mini_program"]
    assert ((table["created_at"] + pd.Timedelta(hours=8)).to_numpy() == mine["ordered_at"].to_numpy()).all()


def test_the_member_list_is_a_workbook_with_serial_dates_and_stand_ins(raw: RawFiles) -> None:
    rows = CalamineWorkbook.from_path(str(raw.folder / "members.xlsx")).get_sheet_by_name("会员").to_python()
    members = pd.DataFrame(rows[1:], columns=rows[0])
    births, joined = members["出生日期"], members["入会日期"]
    numbers = sum(isinstance(v, float) for v in births) + sum(isinstance(v, float) for v in joined)
    sentinels = (births == "-99").sum() + (members["职业"] == "-99").sum()
    assert sentinels == planted(raw, "sentinel -99", "members")
    # A birth date that was soiled twice ends as the sentinel.
    assert planted(raw, "serial date", "members") - 60 < numbers <= planted(raw, "serial date", "members")
    assert members["手机号"].str.contains(r"\+86").any()


def test_personal_data_stand_in_texts(raw: RawFiles) -> None:
    surveys = pd.read_csv(raw.folder / "surveys.csv", dtype=str)
    told = surveys["comment"].str.contains(r"144[0-9]{8}|@example", na=False)
    assert told.sum() == planted(raw, "personal data in text", "surveys")
    assert surveys["comment"].str.contains("\n", na=False).sum() == planted(raw, "comment on two lines", "surveys")
    tickets = [json.loads(line) for line in (raw.folder / "interactions.jsonl").read_text("utf-8").splitlines()]
    named = sum("144" in t["content"] or "@example" in t["content"] for t in tickets)
    assert named == planted(raw, "personal data in text", "interactions")


def test_sentinels_stand_for_items_left_out(raw: RawFiles) -> None:
    surveys = pd.read_csv(raw.folder / "surveys.csv", dtype=str)
    scores = surveys.loc[:, "recommend":"app"]
    assert (scores == "-99").sum().sum() == planted(raw, "sentinel -99", "surveys")
    assert scores[surveys["answered"].isna()].isna().all().all()
