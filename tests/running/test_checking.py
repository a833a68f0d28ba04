"""``crm check`` on small files: what would come in, what is wrong, and nothing left behind."""

import re
from dataclasses import replace

import pytest
from filelock import FileLock

from crmlib.running.checking import check_input
from crmlib.running.outcomes import Outcome, RunFailureError


def test_it_says_table_by_table_what_would_come_in(series):
    orders = series.folder / "data" / "orders.csv"
    orders.write_text("id,who,when,how_much\n1,a,2026-10-01,5\n2,b,no day,7\n", encoding="utf-8")
    said = check_input(series.request)
    assert " ".join(said[0].split()) == "table source files lines in clean set aside merged customer from to"
    assert said[1].split() == [*["transactions"] * 2, *["1", "2", "1", "1", "0", "100.0%", "2026-10-01", "2026-10-01"]]
    problem = next(place for place, line in enumerate(said) if "ordered at cannot be read" in line)
    assert said[problem].startswith("  transactions: 1 × ")
    assert "date_format" in said[problem]
    assert said[problem + 1] == "    orders.csv, line 3: 9,a,aa aaa,9"
    assert not any("no day" in line for line in said)
    assert list(series.work.iterdir()) == []
    assert not series.reports.exists()


def test_what_a_killed_check_left_goes_and_one_under_way_is_let_be(series):
    check_input(series.request)
    for name in (".check-killed", ".check-running"):
        (series.work / name / "landed").mkdir(parents=True)
        (series.work / name / "landed" / "orders.parquet").write_text("Li Wei")
    with FileLock(series.work / ".check-running" / "lock"):
        check_input(series.request)
        assert [path.name for path in series.work.iterdir()] == [".check-running"]
    check_input(series.request)
    assert list(series.work.iterdir()) == []


def test_no_key_and_no_end_are_needed_but_said(series, monkeypatch):
    monkeypatch.delenv("CRM_KEY", raising=False)
    file = series.request.params_file
    kept = [line for line in file.read_text().splitlines() if not line.startswith(("as_of", "privacy"))]
    file.write_text("\n".join(kept))
    assert any("as_of is missing" in line for line in check_input(series.request))


def test_ten_examples_at_most_and_each_rule_has_one(series):
    wrong = "".join(f"{n},a,no day,7\n" for n in range(20)) + "99,b,2026-10-02,much\n"
    orders = series.folder / "data" / "orders.csv"
    orders.write_text(f"id,who,when,how_much\n1,a,2026-10-01,5\n{wrong}", encoding="utf-8")
    said = check_input(series.request)
    examples = [line for line in said if line.startswith("    orders.csv, line ")]
    assert len(examples) == 6
    assert examples[-1] == "    orders.csv, line 23: 99,a,9999-99-99,aaaa"
    assert [line.split(" × ")[0] for line in said if " × " in line] == ["  transactions: 20", "  transactions: 1"]


def test_a_source_without_a_clean_line_is_refused_with_all_that_was_seen(series):
    orders = series.folder / "data" / "orders.csv"
    orders.write_text("id,who,when,how_much\n1,a,no day,5\n", encoding="utf-8")
    with pytest.raises(RunFailureError) as failure:
        check_input(series.request)
    assert failure.value.outcome is Outcome.INPUT_REJECTED
    assert failure.value.lines[-1] == "transactions: no line of transactions is clean; correct its mapping"
    assert any("ordered at cannot be read" in line for line in failure.value.lines)


@pytest.mark.parametrize(
    ("content", "outcome"),
    [("", Outcome.INPUT_REJECTED), ("id,whom,when,how_much\n1,a,2026-10-01,5\n", Outcome.BAD_PARAMETERS)],
)
def test_what_would_stop_a_run_ends_with_its_code(series, content, outcome):
    (series.folder / "data" / "orders.csv").write_text(content, encoding="utf-8")
    with pytest.raises(RunFailureError) as failure:
        check_input(series.request)
    assert failure.value.outcome is outcome
    assert failure.value.lines
    assert list(series.work.iterdir()) == []


QUESTION = """
questions:
  paid:
    asks: Which is it?
    decides: {decides}
    answers: {{a: {{means: this, gives: "5.00"}}, b: {{means: that}}}}
"""


@pytest.mark.parametrize("decides", ["money", "surveys"])
def test_an_open_question_is_listed_and_has_a_code_of_its_own(series, decides):
    file = series.request.params_file
    file.write_text(file.read_text() + QUESTION.format(decides=decides))
    with pytest.raises(RunFailureError) as failure:
        check_input(series.request)
    assert failure.value.outcome is Outcome.QUESTIONS_OPEN
    start = failure.value.lines.index(f"1 open question in {file}:")
    assert failure.value.lines[start + 1 :] == (
        f"  paid ({decides}): Which is it?", "    a: this → 5.00", "    b: that",
    )  # fmt: skip
    assert "nothing is wrong with what came in" not in failure.value.lines
    answered = check_input(replace(series.request, overrides={"questions.paid.answer": "a"}))
    assert "nothing is wrong with what came in" in answered


def test_nothing_is_called_right_that_the_books_say_otherwise(series):
    right = "nothing is wrong with what came in"
    for books, said in (("999", "no line breaks a rule; what speaks against the figures stands below"), (None, right)):
        figure = books or re.search(r"net revenue \D*([\d.]+)", "\n".join(check_input(series.request)))[1]
        overrides = {"control": {"2026-10": {"net_revenue": figure}}}
        lines = check_input(replace(series.request, overrides=overrides))
        assert said in lines
        assert (right in lines) is (said == right)


def test_what_the_data_say_against_the_mapping_is_said_and_can_be_stood_by(series):
    rows = "".join(f"{n // 2},c{n % 5},2026-10-0{n % 9 + 1},{n // 2 % 7 + 5}\n" for n in range(40))
    orders = series.folder / "data" / "orders.csv"
    orders.write_text(f"id,who,when,how_much\n{rows}", encoding="utf-8")
    with pytest.raises(RunFailureError) as failure:
        check_input(series.request)
    assert failure.value.outcome is Outcome.QUESTIONS_OPEN
    assert any("the amount is the same on every line" in line for line in failure.value.lines)
    assert "nothing is wrong with what came in" not in failure.value.lines
    stood = {f"questions.{each}.answer": "as_mapped" for each in ("amount_is_order_total", "order_id_comes_again")}
    assert "nothing is wrong with what came in" in check_input(replace(series.request, overrides=stood))


def test_personal_data_that_nobody_declared_are_said_without_any(series):
    phones = [f"138{(n * 48_271 + 12_345_671) % 10**8:08}" for n in range(40)]
    rows = "".join(f"{n},a{n % 7},2026-10-01,5,{phone}\n" for n, phone in enumerate(phones))
    orders = series.folder / "data" / "orders.csv"
    orders.write_text(f"id,who,when,how_much,shop\n{rows}", encoding="utf-8")
    file = series.request.params_file
    file.write_text(file.read_text().replace("{order_id: id,", "{store_id: shop, order_id: id,"))
    said = check_input(series.request)
    found = next(line for line in said if "phone numbers" in line)
    assert found.startswith(
        "  transactions: store_id holds phone numbers on 100.0\u00a0% of its lines, first orders.csv, line 2"
    )
    assert not any(phone in line for line in said for phone in phones)
    file.write_text(file.read_text().replace("privacy: {", "privacy: {undeclared: stop, "))
    with pytest.raises(
        RunFailureError, match=r"orders\.csv, line 2: .*phone numbers, which nobody declared"
    ) as failure:
        check_input(series.request)
    assert failure.value.outcome is Outcome.INPUT_REJECTED


@pytest.mark.parametrize(
    ("where", "error", "says"),
    [
        ("crmlib.running.checking.load_parameters", PermissionError(13, "Permission denied", "shop.yaml"),
         "shop.yaml: cannot be read (Permission denied); look at its owner and mode"),
        ("crmlib.prep.checking.check_sources", OSError(28, "Error writing bytes"),
         "what was read cannot be written below work/ (No space left on device); see whether the disk is full"),
    ],
)  # fmt: skip
def test_what_the_system_refuses_is_said_with_its_remedy(series, monkeypatch, where, error, says):
    def refuse(*_args):
        raise error

    monkeypatch.setattr(where, refuse)
    with pytest.raises(RunFailureError) as failure:
        check_input(series.request)
    assert list(failure.value.lines) == [says]
