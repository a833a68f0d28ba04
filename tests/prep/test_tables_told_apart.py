"""What tells columns and tables apart: values where headers say nothing, no false friends, no key of nothing."""

import pyarrow as pa
import pytest

from crmlib.prep.proposal.choosing import choose_table
from crmlib.prep.proposal.evidence import weigh
from crmlib.prep.proposal.matching import match_columns
from crmlib.prep.proposal.synonyms import likeness, tokens
from crmlib.prep.proposal.words import LANGUAGES, known_columns
from crmlib.prep.proposal.words.other import OTHER
from crmlib.tables import TABLES


def matched(table="transactions", **columns):
    """Match columns given by name and values: canonical → raw."""
    weighed = [weigh(name.replace("_1", " 1"), pa.chunked_array([values])) for name, values in columns.items()]
    return {name: match.raw for name, match in match_columns(table, weighed).items()}


def days(n):
    return [f"2026-05-{k % 28 + 1:02}" for k in range(n)]


def codes(n, different, start="K"):
    return [f"{start}{100 + k % different}" for k in range(n)]


def money(n):
    return [f"{3 + k % 19}.25" for k in range(n)]


def test_shares_count_rows_not_different_values():
    values = ["2026-05-01"] * 98 + ["soon", "never"]
    found = weigh("when", pa.chunked_array([values]))
    assert (found.dates.share, found.looked_at) == (pytest.approx(0.98), 100)
    found = weigh("qty", pa.chunked_array([["1"] * 90 + ["-2"] * 6 + ["2.5"] * 2 + ["some"] * 2]))
    assert found.numbers.share == pytest.approx(0.98)
    assert found.numbers.negative == pytest.approx(6 / 98)
    assert found.numbers.whole == pytest.approx(96 / 98)
    assert weigh("x", pa.chunked_array([["yes"] * 9 + ["perhaps"]])).flags == pytest.approx(0.9)


def test_few_values_are_kept_with_their_counts_and_many_are_not():
    assert weigh("s", pa.chunked_array([["b", "a", "b", None, ""]])).values == (("b", 2), ("a", 1))
    assert weigh("s", pa.chunked_array([[str(n) for n in range(61)]])).values == ()


@pytest.mark.parametrize(
    "header",
    ["Customer Note", "Kundenhinweis", "Payment ID", "预り金", "預り金", "お釣り", "找零", "Rückgeld",
    "imported", "margen",
     "Order Note", "Tracking Number", "Code postal", "PLZ", "Billing Zip", "Outstanding Balance", "Tax rate",
     "Vendedor",
     "Employee", "最近消费时间", "Date de livraison", "Fecha de entrega", "発送日", "Fälligkeitsdatum"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["customer_id", "order_id", "ordered_at", "amount", "payment_method", "quantity"])
def test_no_false_friends(header, column):
    assert likeness(header, "transactions", column) == 0.0


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Menge", "quantity"), ("Anzahl", "quantity"), ("quantité", "quantity"), ("QUANTITÉ", "quantity"),
        ("Cantidad", "quantity"), ("数量", "quantity"), ("fecha", "ordered_at"), ("Datum", "ordered_at"),
        ("Data", "ordered_at"), ("importe", "amount"), ("valor", "amount"), ("金額", "amount"), ("Betrag", "amount"),
        ("注文番号", "order_id"), ("Bestell-Nr.", "order_id"), ("N° de commande", "order_id"), ("Nº Pedido",
        "order_id"),
        ("número do pedido", "order_id"), ("Kundennr.", "customer_id"), ("GROSS AMT", "amount"), ("Cust. No.",
        "customer_id"),
        ("INV_DT", "ordered_at"), ("Qty", "quantity"), ("收货人手机号", "customer_id"),
    ],
)  # fmt: skip
def test_words_of_other_languages_are_known(header, column):
    table, name = ("customers", "phone") if header == "收货人手机号" else ("transactions", column)
    assert likeness(header, table, name) == 1.0


@pytest.mark.parametrize("table", TABLES)
def test_every_language_names_columns_that_exist(table):
    own = {column.name for column in TABLES[table].delivered}
    for language in LANGUAGES:
        assert all(name in own or name.startswith("score_") for name in language.NAMES[table])


def test_no_name_is_both_ours_and_none_of_ours_in_order_lines():
    others = {name for names in OTHER.values() for name in names.split("|")}
    for column in ("customer_id", "order_id", "ordered_at", "amount", "quantity", "unit_price"):
        ours = {
            "".join(tokens(name))
            for language in LANGUAGES
            for name in language.NAMES["transactions"][column].split("|")
        }
        assert not ours & {"".join(tokens(name)) for name in others}


@pytest.mark.parametrize(
    "header",
    ["Newsletter", "Accepts Marketing", "Accepts Email Marketing", "Marketing consent", "Marketing opt-in", "Opt In",
     "Email marketing consent", "SMS consent", "Subscribed", "营销授权", "订阅", "接受营销", "Werbeeinwilligung",
     "Newsletter abonniert", "Consentement marketing", "Acepta marketing", "Aceita newsletter", "メルマガ", "DM可否"],
)  # fmt: skip
def test_a_flag_of_marketing_is_no_consent_to_analysis_but_to_contacts(header):
    values = ["yes", "no"] * 20
    found = matched("customers", Customer=codes(40, 40), **{header: values})
    assert "consent" not in found
    assert found["contact_consent"] == header


@pytest.mark.parametrize(
    "header",
    ["Consent", "Analysis consent", "Data consent", "GDPR", "gdpr_consent", "Privacy consent", "隐私授权", "同意分析",
     "DSGVO-Einwilligung", "Einwilligung Datenverarbeitung", "Consentement RGPD", "Consentimiento", "LGPD",
     "個人情報同意"],
)  # fmt: skip
def test_words_of_analysis_and_privacy_are(header):
    found = matched("customers", Customer=codes(40, 40), **{header: ["yes", "no"] * 20})
    assert found["consent"] == header


def test_an_empty_or_constant_column_or_one_of_two_values_is_no_key():
    n = 40
    rows = {"Date": days(n), "Amount": money(n)}
    assert "customer_id" not in matched(Customer=[""] * n, **rows)
    assert "customer_id" not in matched(Customer=["guest"] * n, **rows)
    assert "customer_id" not in matched(Customer=["B2B", "B2C"] * 20, **rows)
    assert "order_id" not in matched(Order=["1"] * n, Client=codes(n, 9), **rows)
    assert matched(Customer=["A", "B", "A", "B"], Date=days(4), Amount=money(4))["customer_id"] == "Customer"


def test_numbers_that_a_spreadsheet_broke_stay_the_key_so_that_they_are_refused():
    found = matched(Order=["2.10000E+18"] * 40, Date=days(40), Amount=money(40))
    assert found["order_id"] == "Order"


def test_an_address_is_a_customer_where_the_number_is_mostly_missing():
    n = 40
    mail = [f"b{k % 9}@example.com" for k in range(n)]
    rows = {"Order": codes(n, n, "A"), "Date": days(n), "Amount": money(n), "Email": mail}
    assert (
        matched(**{"Customer ID": [f"C{k}" if k % 9 == 0 else "" for k in range(n)]}, **rows)["customer_id"] == "Email"
    )
    assert matched(**{"Customer ID": codes(n, 9)}, **rows)["customer_id"] == "Customer ID"


def test_the_buyers_phone_comes_before_the_recipients():
    n = 40
    phones = [f"139{k % 9:08}" for k in range(n)]
    rows = {"订单号": codes(n, n, "A"), "下单时间": days(n), "实付金额": money(n)}
    assert matched(收货人手机号=phones, 买家手机号=phones, **rows)["customer_id"] == "买家手机号"
    assert matched(收货人手机号=phones, **rows)["customer_id"] == "收货人手机号"


def test_customers_by_name_alone_are_doubted():
    n = 40
    names = [("Ann Lee", "Bo Chen", "Cy Wang", "Di Xu")[k % 4] for k in range(n)]
    columns = {"Receipt number": codes(n, n, "R"), "Date": days(n), "Net sales": money(n), "Customer name": names}
    weighed = [weigh(name, pa.chunked_array([values])) for name, values in columns.items()]
    match = match_columns("transactions", weighed)["customer_id"]
    assert match.raw == "Customer name"
    assert "two of one name count as one" in match.doubt


def test_what_no_header_says_is_told_by_values():
    n = 60
    rows = {"bought": days(n), "ref_x": codes(n, n, "R"), "kto": codes(n, 14), "came_to": money(n)}
    found = matched(Order=codes(n, n, "A"), **rows)
    assert (found["ordered_at"], found["amount"], found["customer_id"]) == ("bought", "came_to", "kto")


def test_two_columns_that_could_be_it_are_neither():
    n = 60
    found = matched(Order=codes(n, n, "A"), Date=days(n), Amount=money(n), aa=codes(n, 14), bb=codes(n, 15, "Q"))
    assert "customer_id" not in found
    assert "amount" not in matched(Order=codes(n, n, "A"), Date=days(n), aa=money(n), bb=money(n)[::-1])


@pytest.mark.parametrize(
    "header", ["Shipped at", "Lieferdatum", "Fecha de entrega", "発送日", "birthday", "last_update"]
)
def test_the_only_date_is_not_taken_where_its_name_says_another_one(header):
    found = matched(Order=codes(40, 40, "A"), Client=codes(40, 9), Amount=money(40), **{header: days(40)})
    assert "ordered_at" not in found


def test_payment_methods_are_few():
    n = 40
    rows = {"Order": codes(n, n, "A"), "Date": days(n), "Amount": money(n)}
    assert "payment_method" not in matched(Payment=[f"pay{k:05}" for k in range(n)], **rows)
    assert matched(Payment=["card", "cash"] * 20, **rows)["payment_method"] == "Payment"


def test_postage_and_tax_mean_nothing_without_a_total():
    n = 40
    rows = {"Order": codes(n, n, "A"), "Date": days(n), "Quantity": ["1"] * n, "Price": money(n)}
    assert not {"order_shipping", "order_tax"} & matched(Shipping=money(n), Tax=money(n), **rows).keys()
    found = matched(Shipping=money(n), Tax=money(n), **{"Order Total": money(n)}, **rows)
    assert {"order_shipping", "order_tax", "order_total"} < found.keys()


def test_time_of_day_beside_the_day():
    n = 40
    columns = {
        "Datum": days(n),
        "Uhrzeit": [f"{k % 24:02}:15" for k in range(n)],
        "Bon": codes(n, 30),
        "Summe": money(n),
    }
    weighed = [weigh(name, pa.chunked_array([values])) for name, values in columns.items()]
    match = match_columns("transactions", weighed)["ordered_at"]
    assert (match.raw, match.joined) == ("Datum", ("Uhrzeit",))


def test_scores_are_known_in_every_table_of_answers():
    assert all(any(name.startswith("score_") for name in known_columns("surveys")) for _words in LANGUAGES)


@pytest.mark.parametrize(
    ("label", "table"),
    [
        ("Aufträge_2026", "transactions"), ("受注", "transactions"), ("commandes", "transactions"),
        ("vendas", "transactions"), ("Kunden", "customers"), ("会員", "customers"), ("clientes", "customers"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_tells_in_every_language(label, table):
    columns = [weigh("a", pa.chunked_array([["1", "2"]])), weigh("b", pa.chunked_array([["x", "y"]]))]
    scores = {choice.table: choice.score for choice in choose_table(columns, [label])}
    assert max(scores, key=scores.get) == table
