"""Names of customers give way in comments, ordinary words stay."""

import pytest

from crmlib.privacy.masking import know_names, mask

NAMES = know_names(
    [
        "张伟",
        "张伟明",
        "欧阳小红",
        "Emma Müller",
        "Anne-Marie O'Neil",
        "Rose",
        "李",
        "方便",
        "王 芳",
        "阿依古丽·买买提",
        "买买提・艾力・吐尔逊",
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("找张伟明退货", "找[name]退货"),
        ("张伟和欧阳小红都不在", "[name]和[name]都不在"),
        ("联系人王芳，电话13812345678", "联系人[name]，电话[phone]"),
        ("联系人Emma Müller，谢谢", "联系人[name]，谢谢"),
        ("请联系阿依古丽•买买提谢谢", "请联系[name]谢谢"),
        ("买买提·艾力·吐尔逊和阿依古丽・买买提", "[name]和[name]"),
        ("ask Müller Emma", "ask [name]"),
        ("ask EMMA  MÜLLER or anne-marie o'neil.", "ask [name] or [name]."),
    ],
)
def test_names_are_masked(text, expected):
    assert mask(text, NAMES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "付款很方便",
        "行李太重",
        "a rose for Emma",
        "Emma, Müller milk is sour",
        "阿依古丽·艾力",
        "很好·谢谢",
        "张先生很好",
        "no names here",
    ],
)
def test_ordinary_words_stay(text):
    assert mask(text, NAMES) == text


def test_without_names_nothing_but_numbers_is_masked():
    assert mask("张伟 13812345678") == "张伟 [phone]"


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("call +44 20 7946 0958 please", None, "call [phone] please"),
        ("ruf +49 171 1234567 an", None, "ruf [phone] an"),
        ("ruf 0171 1234567 an", "DE", "ruf [phone] an"),
        ("ruf 0171 1234567 an", "DE-BY", "ruf [phone] an"),
        ("call (212) 555-0187.", "US", "call [phone]."),
        ("appelez le 01 42 68 53 00", "FR", "appelez le [phone]"),
        ("order 2026-1101 of 2026-11-01, 3 for 12.50", "US", "order 2026-1101 of 2026-11-01, 3 for 12.50"),
        ("size 38, bought 1,234 units in 2026", "GB", "size 38, bought 1,234 units in 2026"),
    ],
)
def test_phone_numbers_of_all_countries_are_masked(text, country, expected):
    assert mask(text, country=country) == expected
