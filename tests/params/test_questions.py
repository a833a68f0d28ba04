"""Questions of the parameters: an answer is the whole edit."""

import pytest

from crmlib.params import ParameterError, load_parameters, write_parameters
from crmlib.params.questions import Question, is_answered, open_questions

TEXT = """\
series: shop
title: A shop
as_of: 2026-03-01
questions:
  money_of_a_line:
    asks: Which is the money?
    decides: money
    answer: {answer}
    answers:
      amount: {{means: Paid is it, sets: {{sources.transactions.0.columns.amount: Paid}}}}
      price:
        means: Price is the price of one
        sets: {{sources.transactions.0.columns.amount: null, sources.transactions.0.columns.unit_price: Price}}
  scale:
    decides: surveys
sources:
  transactions:
    {dash}path: a.csv
    {gap}columns: {{ordered_at: Date, quantity: Qty, amount: Price}}
"""


@pytest.fixture
def loaded(tmp_path):
    def load(answer="", *, listed=True, **more):
        file = tmp_path / "shop.yaml"
        file.write_text(TEXT.format(answer=answer, dash="- " if listed else "", gap="  " if listed else ""))
        return load_parameters(file, more.get("overrides"))

    return load


@pytest.mark.parametrize("listed", [True, False])
def test_an_answer_sets_what_it_stands_for(loaded, listed):
    assert loaded(listed=listed).sources.transactions[0].columns["amount"] == "Price"
    assert loaded("amount", listed=listed).sources.transactions[0].columns["amount"] == "Paid"
    columns = loaded("price", listed=listed).sources.transactions[0].columns
    assert columns == {"ordered_at": "Date", "quantity": "Qty", "unit_price": "Price"}


def test_the_command_line_answers_too_and_stands_over_an_answer(loaded):
    params = loaded(overrides={"questions.money_of_a_line.answer": "amount"})
    assert params.sources.transactions[0].columns["amount"] == "Paid"
    params = loaded("amount", listed=False, overrides={"sources.transactions.columns.amount": "Mine"})
    assert params.sources.transactions[0].columns["amount"] == "Mine"


def test_a_wrong_answer_names_the_line_and_the_nearest(loaded):
    with pytest.raises(ParameterError, match=r"shop.yaml:5: questions.money_of_a_line: 'amont' .*Did you mean amount"):
        loaded("amont")


def test_deciding_questions_come_first(loaded):
    assert [name for name, _ in open_questions(loaded().questions)] == ["money_of_a_line", "scale"]
    assert [name for name, _ in open_questions(loaded("amount").questions)] == ["scale"]


def test_resolved_parameters_are_read_back_as_they_are(loaded, tmp_path):
    params = loaded("amount", listed=False, overrides={"sources.transactions.columns.amount": "Mine"})
    write_parameters(params, tmp_path / "resolved.json")
    again = load_parameters(tmp_path / "resolved.json")
    assert again.sources == params.sources
    assert again.questions["money_of_a_line"].answer == "amount"


def test_an_answer_that_has_no_place_is_refused(tmp_path):
    file = tmp_path / "shop.yaml"
    text = TEXT.format(answer="amount", dash="- ", gap="  ").replace(
        "transactions.0.columns.amount: Paid", "transactions.7.x: 1"
    )
    file.write_text(text)
    with pytest.raises(ParameterError, match="has no place in this file"):
        load_parameters(file)


SECOND = """\
series: shop
title: A shop
as_of: 2026-03-01
questions:
  money:
    source: web
    answer: paid
    answers: {{paid: {{sets: {{sources.transactions.0.columns.amount: Paid}}}}}}
sources:
  transactions:
    {before}- {{name: {name}, path: b.csv, columns: {{ordered_at: Date, amount: Price}}}}
"""


def _second(tmp_path, before="", name="web"):
    file = tmp_path / "shop.yaml"
    file.write_text(SECOND.format(before=before, name=name))
    return load_parameters(file).sources.transactions


def test_an_answer_finds_its_source_wherever_it_stands(tmp_path):
    till = "- {name: till, path: a.csv, columns: {ordered_at: Day, amount: Sum}}\n    "
    assert [each.columns["amount"] for each in _second(tmp_path)] == ["Paid"]
    assert [each.columns["amount"] for each in _second(tmp_path, till)] == ["Sum", "Paid"]


def test_an_answer_about_a_source_that_is_gone_is_refused(tmp_path):
    with pytest.raises(
        ParameterError, match=r"questions.money is about the source 'web', .* has that name. Did you mean web2\?"
    ):
        _second(tmp_path, name="web2")


def test_a_doubt_is_answered_for_the_source_that_the_question_names():
    questions = {"rate_2": Question(source="web", answer="as_mapped"), "total": Question(answer="as_mapped")}
    assert is_answered(questions, "rate", "rate", "web")
    assert not is_answered(questions, "rate", "rate_2", "till")
    assert is_answered(questions, "total", "total", "till")
    assert not is_answered(questions, "total", "total_2", "web")
