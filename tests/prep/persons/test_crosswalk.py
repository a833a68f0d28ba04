"""Pseudonyms stay: over periods, when a key changes, when persons merge, and when an earlier period is run again."""

import pandas as pd

from crmlib.prep.persons.crosswalk import assign_pseudonyms
from crmlib.prep.persons.register import Register
from crmlib.privacy.pseudonyms import Key, pseudonyms

OLD, NEW = Key(b"the key of the first year"), Key(b"the key of the second year")


def people(*groups):
    """Write persons as tuples of customer numbers, the one that stands for the person first."""
    return pd.DataFrame([(number, group[0]) for group in groups for number in group], columns=["customer_id", "person"])


def run(groups, register=None, key=OLD, period="2026-01"):
    found = assign_pseudonyms(people(*groups), register or Register(), key, period)
    return found.rows.set_index("customer_id")["pseudonym"].to_dict(), found.register


def own(number, key=OLD):
    return pseudonyms([number], key)[0]


def test_without_a_map_pseudonyms_are_the_hmac_of_the_person_s_number():
    rows, register = run([("1", "web:a"), ("2",), ("mini:x", "web:b")])
    expected = {"1": own("1"), "web:a": own("1"), "2": own("2"), "mini:x": own("mini:x"), "web:b": own("mini:x")}
    assert rows == expected
    assert len(register.numbers) == 5
    assert register.version == 1


def test_a_person_who_gets_a_card_later_keeps_the_pseudonym():
    _rows, register = run([("web:a",)])
    rows, register = run([("900", "web:a")], register, period="2026-02")
    assert set(rows.values()) == {own("web:a")}
    assert register.numbers.set_index("number")["period"].to_dict() == {"web:a": "2026-01", "900": "2026-02"}


def test_when_two_persons_turn_out_to_be_one_the_older_pseudonym_stays_and_the_other_is_noted():
    _rows, register = run([("5",)])
    _rows, register = run([("5",), ("3",)], register, period="2026-02")
    rows, register = run([("3", "5")], register, period="2026-03")
    assert set(rows.values()) == {own("5")}  # 5 came a month before 3
    assert register.aliases.values.tolist() == [[own("3"), own("5"), "2026-03"]]
    _rows, again = run([("3", "5")], register, period="2026-04")
    assert again.aliases.equals(register.aliases)


def test_a_link_undone_gives_both_their_own_pseudonyms():
    _rows, register = run([("1", "2")])
    rows, register = run([("1",), ("2",)], register, period="2026-02")
    assert rows == {"1": own("1"), "2": own("2")}
    assert register.aliases.empty


def test_a_new_key_is_for_new_customers_alone():
    before, register = run([("1", "web:a"), ("2",)])
    after, register = run([("1", "web:a"), ("2",), ("3",)], register, NEW, "2026-02")
    assert {number: after[number] for number in before} == before
    assert after["3"] == own("3", NEW)
    made_with = register.numbers.set_index("number")["key"]
    assert made_with.to_dict() == {"1": OLD.id, "2": OLD.id, "web:a": OLD.id, "3": NEW.id}


def test_a_period_run_again_after_later_ones_finds_the_same_pseudonyms():
    months = {
        "2026-01": [("1",), ("web:a",), ("7",)],
        "2026-02": [("1", "web:a"), ("7",), ("8",)],
        "2026-03": [("0", "1", "web:a"), ("7", "8")],
    }
    register, first = Register(), {}
    for month, groups in months.items():
        first[month], register = run(groups, register, period=month)
    for month in ("2026-01", "2026-03", "2026-02", "2026-01"):
        again, later = run(months[month], register, period=month)
        assert again == first[month]
        assert later.numbers.equals(register.numbers)
        register = later


def test_a_period_first_run_after_a_later_one_changes_nothing_of_that():
    march, register = run([("1", "web:a")], period="2026-03")
    january, register = run([("web:a",), ("web:old",)], register, period="2026-01")
    assert january["web:a"] == own("web:a")
    assert run([("1", "web:a")], register, period="2026-03")[0] == march
    assert run([("web:a",), ("web:old",)], register, period="2026-01")[0] == january


def test_the_callers_map_is_not_changed():
    _rows, register = run([("1",)])
    before = register.numbers.copy()
    run([("1", "2")], register, period="2026-02")
    assert register.numbers.equals(before)
    assert register.version == 1
