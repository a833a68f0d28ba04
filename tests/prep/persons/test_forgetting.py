"""A person who is erased is nowhere left, and stays away when the next delivery names them again."""

import gzip
import json
import re
import shutil
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from crmlib.prep import InputRejectedError, prepare
from crmlib.prep.persons.audit import audit_file, read_log
from crmlib.prep.persons.erasing import is_table
from crmlib.prep.persons.finding import Person, find_person, traces_of
from crmlib.prep.persons.forgetting import forget, holds, kept_files, suppress, suppressed_numbers
from crmlib.prep.persons.register import Register, open_register
from crmlib.privacy.safe_csv import write_safe_csv
from crmlib.workspace import open_run

SALES = [
    "1,2026-02-01,A,1,10,100007",
    ",2026-02-02,A,1,20,100007",
    "3,2026-02-03,A,1,40,web:ann@example.com",
    "4,2026-02-04,A,1,80,100008",
    "5,never,A,1,5,100007",
    "6,2026-02-05,A,1,160,100009",
]
MEMBERS = [
    "100007,Ann Lee,+86 144-1111-1111,Ann@Example.com,yes",
    "100008,Bo Chen,14422222222,bo@example.com,yes",
    "100009,Cy Wang,14433333333,,yes",
    "100007,Ann Lee,144 1111 1111,,yes",
]
SURVEY = "id,when,card,score,said\n1,2026-02-10,100007,3,the queue is long\n2,2026-02-10,100008,9,fine, thanks\n"
SOURCE = {
    "surveys": {
        "path": "../data/survey/*.csv",
        "columns": {
            "response_id": "id", "answered_at": "when", "customer_id": "card", "score_recommend": "score",
            "comment": "said",
        },
    }
}  # fmt: skip
PERIODS = ("2026-02-15", "2026-03-01")
ASKED = {"who": "li", "at": "2026-03-02T06:00:00+00:00"}
IDENTIFIERS = ("100007", "14411111111", "144-1111-1111", "144 1111 1111", "ann@example", "Ann@Example", "Ann Lee")


@pytest.fixture(scope="module")
def shop_once(tmp_path_factory, write_shop):
    """Prepare two periods of a shop, with lists, and a notebook that names one of its customers."""
    home = tmp_path_factory.mktemp("kept")
    survey = SURVEY.replace("fine, thanks", "fine")
    file = write_shop(home, SALES, MEMBERS, files={"survey/s.csv": survey}, sources=SOURCE)
    for as_of in PERIODS:
        run = open_run(file, as_of)
        prepare(run)
        customers = pd.read_parquet(run.run_dir / "clean" / "customers.parquet")[["customer_id"]]
        run.write("segments", customers.assign(segment="loyal"), by=["customer_id"])
        for name in ("lists", "notebooks"):
            (run.run_dir / name).mkdir()
        write_safe_csv(customers, run.run_dir / "lists" / "contact_list.csv")
        write_safe_csv(customers.assign(phone="14411111111"), run.run_dir / "lists" / "contact_list.revealed.csv")
        (run.run_dir / "notebooks" / "x.ipynb").write_text(json.dumps({"text": "+86 １４４ 1111 1111", "id": "100007"}))
        (run.run_dir / "parameters.json").write_text("{}")
    return home


@pytest.fixture
def kept(shop_once, tmp_path):
    """Give the two runs, in a copy of the shop."""
    home = shutil.copytree(shop_once, tmp_path, dirs_exist_ok=True)
    return [open_run(home / "params" / "shop.yaml", as_of) for as_of in PERIODS]


def forgotten(run, told):
    return forget(told, run.params, run.run_dir.parent, run.params.home / "reports" / "shop", **ASKED)


def everything(run):
    """Read all that runs have kept, as text."""
    return "\n".join(
        pd.read_parquet(file).to_csv() if is_table(file) else file.read_text("utf-8-sig")
        for file in kept_files(run.run_dir.parent, run.params)
    )


def pseudonyms(run, *numbers):
    contacts = open_register(run.params, run.state_dir).contacts
    return set(contacts.loc[contacts["number"].isin(numbers), "pseudonym"])


@pytest.mark.parametrize("told", ["100007", "web:ann@example.com", "１４４ 1111-1111", "ANN@example.com", "pseudonym"])
def test_a_person_is_found_by_any_identifier_and_nothing_is_left(kept, told):
    run = kept[-1]
    gone = pseudonyms(run, "100007")
    assert any(each in everything(run) for each in IDENTIFIERS)
    done = forgotten(run, gone.copy().pop() if told == "pseudonym" else told)
    assert (done.numbers, done.left) == (2, ())
    assert done.searched > 20
    text = everything(run)
    assert [each for each in (*IDENTIFIERS, *gone) if each in text] == []
    assert pseudonyms(run, "100007", "web:ann@example.com") == set()
    assert pseudonyms(run, "100008").pop() in text  # nobody else is touched


def test_sales_stay_in_the_totals_without_a_customer(kept, clean):
    before = [clean(run, "transactions") for run in kept]
    forgotten(kept[-1], "100007")
    for run, earlier in zip(kept, before, strict=True):
        lines = clean(run, "transactions")
        assert lines["amount"].sum() == earlier["amount"].sum()
        assert lines.dtypes.to_dict() == earlier.dtypes.to_dict()
        assert lines["customer_id"].notna().sum() == 2
        assert lines["order_id"].nunique() == earlier["order_id"].nunique()
        orders = clean(run, "orders")
        assert orders["amount"].sum() == lines.loc[lines["is_purchase"], "amount"].sum()
        # nothing ties the person's orders together any more
        assert orders.loc[orders["customer_id"].isna(), "first_at"].isna().all()
        assert set(clean(run, "customer_days")["customer_id"]) == set(lines["customer_id"].dropna())
        assert len(clean(run, "customers")) == 2
        assert len(run.frame("segments")) == 2
        answers = clean(run, "surveys").set_index("response_id")
        assert answers["comment"].isna().to_dict() == {"1": True, "2": False}
        assert answers["score_recommend"].notna().all()
        aside = clean(run, "transactions", "quarantine")
        assert (len(aside), aside["original"].isna().all()) == (1, True)


def test_the_next_delivery_of_the_person_stays_anonymous(kept, club, clean):
    forgotten(kept[-1], "100007")
    again = ["300001,Ann Lee,14411111111,,yes", *MEMBERS]  # a new card with the old phone
    sales = [*SALES, "7,2026-03-05,A,1,320,300001"]
    files = {"survey/s.csv": SURVEY.replace("fine, thanks", "fine")}
    run, account = club(sales, again, sources=SOURCE, files=files, more={"as_of": "2026-04-01"})
    lines = clean(run, "transactions")
    assert float(lines["amount"].sum()) == 630
    assert lines["customer_id"].notna().sum() == 2
    assert len(clean(run, "customers")) == 2
    assert account.privacy.forgotten == 1
    register = open_register(run.params, run.state_dir)
    assert not register.numbers["number"].isin(["100007", "300001", "web:ann@example.com"]).any()
    aside = clean(run, "customers", "quarantine")
    assert aside["reasons"].tolist() == ["forgotten"] * 3
    assert aside["original"].isna().all()


def test_a_period_run_again_holds_them_no_more(kept, clean):
    forgotten(kept[-1], "100007")
    prepare(kept[0])
    assert clean(kept[0], "transactions")["customer_id"].notna().sum() == 2


def test_what_is_kept_to_know_them_again_tells_nobody(kept):
    forgotten(kept[-1], "100007")
    register = open_register(kept[-1].params, kept[-1].state_dir)
    assert set(register.suppressed["kind"]) == {"number", "phone", "email"}
    assert register.suppressed["hash"].str.fullmatch(r"[0-9a-f]{64}").all()


def test_a_phone_that_two_share_is_not_kept_against_the_other(club):
    couple = ["100007,Ann,14411111111,,yes", "100008,Bo,14411111111,,yes"]
    run, _account = club(SALES, couple, cleaning={"identity": {"apart": ["100008"]}})
    with pytest.raises(InputRejectedError, match="2 persons share that"):
        forgotten(run, "14411111111")
    forgotten(run, "100007")
    assert set(open_register(run.params, run.state_dir).suppressed["kind"]) == {"number"}
    assert len(pseudonyms(run, "100008")) == 1


def test_nobody_meant_is_an_error_that_repeats_nothing(kept):
    with pytest.raises(InputRejectedError, match="knows nobody") as refused:
        forgotten(kept[-1], "14499999999")
    assert "14499999999" not in str(refused.value)
    assert read_log(kept[-1].state_dir) == []


def test_the_audit_log_counts_and_names_nobody(kept):
    run = kept[-1]
    gone = pseudonyms(run, "100007")
    forgotten(run, "100007")
    text = audit_file(run.state_dir).read_text()
    line = read_log(run.state_dir)[-1]
    assert (line["what"], line["who"], line["numbers"], line["left"]) == ("forget", "li", 2, 0)
    assert [each for each in (*IDENTIFIERS, *gone) if each in text] == []


def test_the_search_can_say_no(kept, monkeypatch):
    monkeypatch.setattr("crmlib.prep.persons.forgetting.erase_from", lambda *_args: None)
    done = forgotten(kept[-1], "100007")
    names = {each.name for each in done.left}
    assert {"transactions.parquet", "customers.parquet", "contact_list.csv", "x.ipynb", "segments.parquet"} <= names


def test_a_published_page_that_names_them_is_found(kept):
    run = kept[-1]
    page = run.params.home / "reports" / "shop" / "2026-02" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>Ann, 144 1111 1111</p>")
    assert forgotten(run, "100007").left == (page,)


def plant(series_dir, pseudonym):
    """Write the person into every kind of file that may stand below a series, and give the files."""
    frame = pd.DataFrame({"customer_id": [pseudonym, None], "note": ["call 144 1111 1111", "nothing"]})
    landed = pd.DataFrame({"_line": [1, 2], "who": ["100007", "100008"]})
    tables = {
        "shared/clean/transactions.parquet": frame,
        "scratch/2026-02/tables/mine.parquet": frame.drop(columns="customer_id"),
        ".check-0/landed/members.parquet": landed,
        "2026-02/.mine.parquet.part": frame,
        "cells.parquet": frame,
    }
    texts = {
        "notes.txt": "Ann@Example.com called",
        "2026-02/log.txt": f"slow: {pseudonym}",
        "2026-02/journal.json": json.dumps({"id": "100007"}),
        "2026-02/timings.json": json.dumps({pseudonym: 1}),
        "2026-02/notebooks/scratch.ipynb": json.dumps({"text": "144-1111-1111"}),
        "shared/note.md": "web:ann@example.com",
        "state/model.json": json.dumps({"best": [pseudonym]}),
        "mine.csv": "customer_id\n100007\n100008\n",
    }
    for name in (*tables, *texts):
        (series_dir / name).parent.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(series_dir / name)
    for name, text in texts.items():
        (series_dir / name).write_text(text)
    return [series_dir / name for name in (*tables, *texts)]


def test_whatever_stands_below_the_series_is_searched_and_the_person_erased_from_it(kept):
    run = kept[-1]
    gone = pseudonyms(run, "100007")
    planted = plant(run.run_dir.parent, gone.copy().pop())
    assert set(planted) <= set(kept_files(run.run_dir.parent, run.params))
    done = forgotten(run, "100007")
    assert done.left == ()
    assert {change.file for change in done.changes} >= set(planted)
    text = everything(run)
    assert [each for each in (*IDENTIFIERS, *gone) if each in text] == []
    assert "100008" in (run.run_dir.parent / "mine.csv").read_text()


def test_what_cannot_be_erased_is_named(kept):
    run = kept[-1]
    work = run.run_dir.parent
    with zipfile.ZipFile(work / "handed_over.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "144 1111 1111")
    (work / "list.csv.gz").write_bytes(gzip.compress(b"Ann@example.com"))
    (work / "book.bin").write_bytes(b"\0ann@example.com\0")
    (work / "half.parquet").write_bytes(b"PAR1, cut off")
    assert {file.name for file in forgotten(run, "100007").left} == {
        "handed_over.zip", "list.csv.gz", "book.bin", "half.parquet"
    }  # fmt: skip


def test_delivered_files_below_the_series_are_the_sources(kept):
    run = kept[-1]
    home, raw = run.params.home, run.run_dir.parent / "raw"
    shutil.move(home / "data", raw)
    (raw / "readme.txt").write_text("ann@example.com")
    file = home / "params" / "shop.yaml"
    file.write_text(file.read_text().replace("../data/", "../work/shop/raw/"))
    moved = open_run(file, PERIODS[-1])
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    assert forgotten(moved, "100007").left == ()
    assert {path: path.read_bytes() for path in before} == before


def test_short_numbers_are_looked_for_where_customers_stand(kept, tmp_path):
    register = open_register(kept[-1].params, kept[-1].state_dir)
    person = replace(find_person(register, "100007"), numbers=frozenset({"17"}))
    file = tmp_path / "clean" / "products.parquet"
    file.parent.mkdir()
    pd.DataFrame({"product_id": ["17"], "name": ["17 mm"]}).to_parquet(file)
    assert not holds(file, traces_of(person))


@pytest.mark.parametrize(
    ("text", "found"), [("+86 144-1234-5678", True), ("x,100234.0,y", True), ("x,21002345,y", False)]
)
def test_identifiers_are_recognised_however_they_are_written(text, found):
    nobody = frozenset()
    person = Person(frozenset({"100234"}), nobody, nobody, nobody, frozenset({"14412345678"}), nobody)
    assert bool(re.search(traces_of(person).fields, text)) is found


GONE = {"number": ["100007", "web:ann@b.cn"], "phone": ["144 1111 1111"], "email": ["Ann@B.cn"]}


def accounts(**told):
    return pd.DataFrame([{"customer_id": "9", "phone": None, "email": None, "member_id": None} | told], dtype=object)


@pytest.fixture
def erased():
    return suppress(Register(), GONE, "2026-03-01")


@pytest.mark.parametrize(
    "told",
    [
        {"customer_id": "100007"},
        {"phone": "+86１４４-1111-1111"},
        {"email": " ann@b.CN"},
        {"member_id": "１００００７"},
    ],
)
def test_any_identifier_gives_them_away(erased, told):
    rows = accounts(**told)
    assert suppressed_numbers(rows["customer_id"], rows, erased) == set(rows["customer_id"])


@pytest.mark.parametrize("told", [{}, {"phone": "14411111112"}, {"email": "bo@b.cn"}, {"member_id": "100008"}])
def test_others_are_left_alone(erased, told):
    rows = accounts(**told)
    assert suppressed_numbers(rows["customer_id"], rows, erased) == frozenset()


def test_an_empty_map_suppresses_nobody():
    assert suppressed_numbers(["100007"], accounts(), Register()) == frozenset()


def test_the_same_person_is_entered_once_and_two_maps_have_nothing_in_common(erased):
    again = suppress(erased, GONE, "2026-04-01")
    assert len(again.suppressed) == len(erased.suppressed) == 4
    other = suppress(Register(), GONE, "2026-03-01")
    assert set(other.suppressed["hash"]).isdisjoint(erased.suppressed["hash"])
