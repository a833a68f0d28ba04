"""What the unhappy write about."""

import pandas as pd

from crmlib.satisfaction.comments.terms import telling_terms


def _found(low, high, fewest=10):
    comments = pd.Series([*low, *high], dtype="object")
    return telling_terms(
        comments, pd.Series(range(len(comments))), pd.Series([True] * len(low) + [False] * len(high)), fewest=fewest
    )


def test_terms_of_the_unhappy_come_first():
    found = _found(["Slow delivery, slow answer"] * 30, ["Friendly staff"] * 30 + ["delivery was fine"] * 10)
    z = found.set_index("term")["z"]
    assert z["slow"] > 1.96
    assert z["staff"] < -1.96
    assert abs(z["delivery"]) < abs(z["slow"])
    assert found.set_index("term").loc["slow", "people_low"] == 30  # once a person, though written twice


def test_chinese_phrases_come_whole():
    found = _found(["发货太慢了"] * 20, ["服务态度很好"] * 20)
    assert found["term"].tolist() == ["发货太慢了", "服务态度很好"]


def test_a_phrase_inside_others_stays_where_it_is_used_alone():
    found = _found(["发货太慢"] * 15 + ["结账太慢"] * 15, ["很好"] * 30)
    assert {"太慢", "发货太慢", "结账太慢"} <= set(found["term"])
    assert "货太" not in set(found["term"])


def test_what_few_write_is_left_out():
    assert _found(["Ask for Mr Smith"] * 9, ["fine"] * 30)["term"].tolist() == ["fine"]


def test_missing_comments_and_common_words_say_nothing():
    found = _found([None] * 20 + ["it was not the"] * 20, ["and they are"] * 20)
    assert found.empty
    assert list(found.columns) == ["term", "people", "people_low", "people_high", "z"]


def test_chinese_reviews_are_told_apart(shared_data):
    reviews = pd.read_csv(shared_data / "zh_reviews" / "online_shopping_10_cats.csv").dropna(subset=["review"])
    hotel = reviews[reviews["cat"] == "酒店"].groupby("label").head(400)
    found = telling_terms(hotel["review"], pd.Series(range(len(hotel))), hotel["label"] == 0).set_index("term")["z"]
    assert found["不错"] < -1.96
    assert found["太差"] > 1.96
