"""No person's number gets onto a page by the parameters, and no password into a file."""

import pytest

from crmlib.params import ParameterError, load_parameters, parameter_table, write_parameters
from crmlib.params.addresses import without_access, without_literal_secret
from crmlib.params.published import published

GOOD = """\
series: shop
title: A shop
as_of: 2026-11-01
sources:
  transactions:
    name: till
    path: lines.csv
    columns: {ordered_at: When, amount: Paid, customer_id: Who}
    constants: {channel: shop}
chapters: {07_weather: What the weather did}
segmentation:
  segments:
    best: {meaning: everybody, role: best}
  tags:
    rich: {all: [{field: spend, value: 100}]}
actions:
  rules: [{reason: unhappy, action: Call back}]
"""
PHONE = "13812345678"


@pytest.fixture
def load(tmp_path):
    def loaded(text, overrides=None):
        file = tmp_path / "shop.yaml"
        file.write_text(text, encoding="utf-8")
        return load_parameters(file, overrides)

    return loaded


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("A shop", f"A shop, {PHONE}", "shop.yaml:2: title: holds a phone number"),
        ("A shop", f"wx{PHONE}", ":2: title: holds a phone number"),
        ("A shop", "ask +49 30 901820", ":2: title: holds a phone number"),
        ("name: till", f"name: till of {PHONE}", ":6: sources.transactions.name: holds a phone"),
        ("channel: shop", "channel: ann@example.com", ":9: sources.transactions.constants.channel: holds an e-mail"),
        ("What the weather", f"Ask {PHONE} what the weather", ":10: chapters.07_weather: holds a phone"),
        ("everybody", "11010519491231002X", ":13: segmentation.segments.best.meaning: holds an identity card"),
        ("rich:", f'"{PHONE}":', ":15: segmentation.tags: holds a phone number"),
        ("Call back", "card 6222021234567890128", ":17: actions.rules.0.action: holds a bank card"),
    ],
)
def test_a_number_of_a_person_is_refused_where_a_page_would_show_it(load, old, new, told):
    assert load(GOOD).title == "A shop"
    with pytest.raises(ParameterError) as refused:
        load(GOOD.replace(old, new))
    assert told in str(refused.value)
    assert "138" not in str(refused.value)
    assert "example.com" not in str(refused.value)


def test_one_on_the_command_line_is_refused_too(load):
    with pytest.raises(ParameterError, match="-p title: title: holds a phone number"):
        load(GOOD, {"title": f"call {PHONE}"})


def test_where_they_must_be_named_they_may_be_and_are_published_nowhere(load):
    text = GOOD.replace("name: till", f"name: till\n    missing: ['{PHONE}']\n    where: {{Tel: {{not: ['{PHONE}']}}}}")
    text += f"cleaning:\n  identity: {{apart: ['web:a@b.cn', ['100007', '{PHONE}']]}}\n"
    text += "  accounts: {staff_ids: ['100008']}\n"
    text += "running: {notices: {command: [mail, boss@example.com]}}\nprivacy: {key_file: /keys/li@example.com}\n"
    params = load(text)
    told = f"{published(params.model_dump(mode='json'))} {parameter_table(params).to_csv()}"
    assert [each for each in (PHONE, "a@b", "100007", "100008", "example.com") if each in told] == []
    assert "2 numbers" in told
    assert "['mail', '…']" in told


SECRET = "s3cret-Zq9"
LITERAL = (
    f"postgresql://crm:{SECRET}@db/shop",
    f"postgresql://crm:p@ss/{SECRET}@db:5432/shop",
    f"postgresql://crm:a?{SECRET}@db:5432/shop",
    f"postgresql://crm@db/shop?password={SECRET}",
    f"postgresql://crm@db/shop?sslmode=require&sslpassword={SECRET}",
    f"duckdb:///shop.db?access_token={SECRET}",
    f"snowflake://db/shop?api_key={SECRET}",
    f"postgresql://${{CRM_USER}}:x${{CRM_END}}{SECRET}@db/shop",
)


@pytest.mark.parametrize("address", LITERAL)
def test_a_literal_password_or_token_is_refused_with_the_way_to_write_it(load, address):
    at_url = GOOD.replace("path: lines.csv", f"url: '{address}'\n    table: lines")
    for text, place in (
        (at_url, r":7: sources\.transactions\.url"),
        (GOOD + f"engine: '{address}'\n", ":18: engine"),
    ):
        with pytest.raises(
            ParameterError, match=rf"{place}: .*(?:write \$\{{NAME\}} in its place|write special)"
        ) as refused:
            load(text)
        assert "Zq9" not in str(refused.value)
    with pytest.raises(ParameterError, match=r"\$\{NAME\}|special") as refused:
        load(GOOD, {"engine": address})
    assert "Zq9" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://crm:${PASSWORD}@db:5432/shop?sslmode=require", "postgresql://crm@db/shop?user=a@b", "${WHOLE}",
        "postgresql://db/shop?password=${PASSWORD}&passfile=/home/li/.pgpass", "sqlite:///../shop.db", "duckdb",
    ],
)  # fmt: skip
def test_an_address_without_one_is_taken(address):
    assert without_literal_secret(address) == address


def test_what_the_environment_holds_stands_in_no_file(load, tmp_path, monkeypatch):
    monkeypatch.setenv("PASSWORD", SECRET)
    url = "postgresql://crm:${PASSWORD}@db:5432/shop?sslpassword=${PASSWORD}"
    params = load(GOOD.replace("path: lines.csv", f"url: '{url}'\n    table: lines"))
    write_parameters(params, tmp_path / "parameters.json")
    assert SECRET not in (tmp_path / "parameters.json").read_text()
    assert published(params.model_dump(mode="json"))["sources"]["transactions"][0]["url"] == (
        "postgresql://…@db:5432/shop?…"
    )


@pytest.mark.parametrize("address", LITERAL)
def test_nothing_of_a_password_is_left_where_an_address_is_shown(address):
    assert "Zq9" not in without_access(f"at {address}, they say")
