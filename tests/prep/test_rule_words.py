"""A rule is said in words, with what would do."""

from crmlib.prep.rule_words import remedy, rule_words


def test_what_a_rule_means_and_what_to_do():
    assert rule_words("missing_ordered_at") == "ordered at is missing"
    assert remedy("transactions", "unreadable_ordered_at") == (
        'give `date_format`, such as "%d/%m/%Y %H:%M", or set cleaning.severity.unreadable_ordered_at'
    )
