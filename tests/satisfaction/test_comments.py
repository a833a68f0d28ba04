"""What customers write: words, terms, sentiment, aspects, topics, and what of it a page may tell."""

import re
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.demo.remarks import PARTS
from crmlib.params.sections import SatisfactionSection
from crmlib.privacy.rules import DisclosureRules
from crmlib.satisfaction.comments.aspects import ABOVE, aspect_sentiment, known_aspects, mentions
from crmlib.satisfaction.comments.page import show_comments
from crmlib.satisfaction.comments.reading import Reading
from crmlib.satisfaction.comments.sentiment import Classifier, by_lexicon, learn_sentiment
from crmlib.satisfaction.comments.terms import exact_chances, newer_terms, telling_terms
from crmlib.satisfaction.comments.texts import LONGEST, Comments, read_comments, read_text
from crmlib.satisfaction.comments.topics import find_topics, topic_rows
from crmlib.satisfaction.comments.words import segmenter, terms, words_of
from crmlib.satisfaction.evidence import Gap

SUBJECTS = {
    "fruit": ["水果", "apples", "苹果", "pears", "strawberries", "香蕉"],
    "parcel": ["快递", "courier", "delivery", "包裹", "parcel", "物流"],
    "tills": ["收银", "cashier", "queue", "排队", "checkout", "结账"],
    "clothes": ["裤子", "trousers", "jacket", "衬衫", "skirt", "毛衣"],
}
GOOD = ["很满意", "excellent", "不错", "lovely", "喜欢", "great", "pleased"]
BAD = ["太差", "awful", "失望", "terrible", "不推荐", "useless", "annoyed"]


def _comments(low, high, start="2026-01-01"):
    """Give one comment a person a day."""
    written = [*low, *high]
    rows = pd.DataFrame({"person": [f"p{i}" for i in range(len(written))], "comment": written})
    rows["at"] = pd.Timestamp(start) + pd.to_timedelta(np.arange(len(rows)) % 300, unit="D")
    rows = rows.assign(text=rows["comment"].map(read_text), low=[True] * len(low) + [False] * len(high))
    return Comments(rows.assign(high=~rows["low"]), scored=True, cut=0)


def _words(comments, fewest=10, own=()):
    return words_of(comments.rows["text"], comments.rows["person"], fewest, own)


def _found(low, high, fewest=10):
    comments = _comments(low, high)
    return telling_terms(comments, _words(comments, fewest)).set_index("term")


@pytest.fixture(scope="module")
def planted():
    """Write 600 different comments of four subjects; on tills 60 % are negative, on the others 25 %."""
    rng = np.random.default_rng(5)
    low, high = [], []
    for number in range(600):
        subject = list(SUBJECTS)[number % 4]
        negative = rng.random() < (0.6 if subject == "tills" else 0.25)
        what = rng.choice(SUBJECTS[subject], 3, replace=False)
        said = rng.choice(BAD if negative else GOOD, 2, replace=False)
        (low if negative else high).append(f"{what[0]} {what[1]} {said[0]}, {what[2]} {said[1]}")
    return _comments(low, high)


@pytest.fixture(scope="module")
def learnt(planted):
    """Learn what their scores teach."""
    return learn_sentiment(planted.rows["text"], planted.rows["low"], 1)


@pytest.fixture(scope="module")
def reviews(shared_data):
    """Read the Chinese reviews of ten categories, equal ones once, in an order drawn once."""
    given = pd.read_csv(shared_data / "zh_reviews" / "online_shopping_10_cats.csv").dropna(subset=["review"])
    texts = given.assign(text=given["review"].map(read_text)).drop_duplicates("text")
    return texts.sample(frac=1, random_state=20261101, ignore_index=True)


@pytest.fixture(scope="module")
def demo_reading(demo_run, survey):
    """Read the demo's comments."""
    return Reading(demo_run, survey, read_comments(demo_run, survey))


def _planted_subject(text):
    """Say which subject a comment of the demo begins with."""
    places = {text.find(of): name for name, both in PARTS.items() for parts in both.values() for of in parts["of"]}
    return places[min(place for place in places if place >= 0)]


@pytest.fixture
def told():
    """Give a run that has rules and words, and no data."""
    from crmlib.words.saying import Speaker

    rules = DisclosureRules()
    params = SimpleNamespace(satisfaction=SatisfactionSection(), currency="EUR")
    return SimpleNamespace(
        rules=rules, params=params, as_of=pd.Timestamp("2026-11-01").date(), fewest=rules.threshold,
        say=lambda words, **what: Speaker(rules, "EUR").say(words, what), too_few=rules.hides,
    )  # fmt: skip


def _page(run, comments, learnt=None):
    """Show the part; what was learnt is given, or is all there is to learn from these comments."""
    reading = Reading(run, None, comments)
    rows = comments.rows if comments.scored else comments.rows.iloc[:0]
    reading.__dict__["sentiment"] = learnt or learn_sentiment(rows["text"], rows["low"], 1)
    return show_comments(SimpleNamespace(comments=reading), run)


# words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("东西不新鲜，失望", ["不新鲜", "失望"]),
        ("The fish wasn't very fresh", ["fish", "not fresh"]),
        ("小程序老是闪退 the App keeps crashing", ["小程序", "老是", "闪退", "app", "keeps", "crashing"]),
        ("快递没有送到", ["快递", "没有送到"]),
        ("not. fresh", ["fresh"]),
        ("😀😀👍", []),
        ("12345 ___ !!!", []),
    ],
)
def test_a_negation_stays_with_what_it_turns_round(text, found):
    assert terms(read_text(text), segmenter()) == found


def test_own_words_are_not_cut():
    assert "优购卡" not in terms("优购卡不能用", segmenter())
    assert "优购卡" in terms("优购卡不能用", segmenter(["优购卡"]))


@pytest.mark.parametrize(
    "text", ["", "\x00\x07\u200b", "\ud800坏\udfff", "\ufdfa" * 50_000, "很" * 100_000, "a" * 100_000]
)
def test_no_comment_stops_or_slows_the_reading(text):
    started = time.process_time()
    found = terms(read_text(text), segmenter())
    assert len(read_text(text)) <= LONGEST
    assert time.process_time() - started < 2
    assert isinstance(found, list)


def test_masks_are_not_what_customers_say():
    assert read_text("Call [phone], I am [name]. Ｇood") == "call , i am . good"


# terms


def test_terms_of_the_unhappy_come_first():
    found = _found(["Slow delivery, slow answer"] * 30, ["Friendly staff"] * 30 + ["delivery was fine"] * 10)
    assert found.loc["slow", "sure"] == 1
    assert found.loc["staff", "sure"] == -1
    assert found.loc["slow", "times_low"] > 1
    assert found.loc["delivery", "times"] < found.loc["slow", "times"]
    assert found.loc["slow", "people"] == 30  # once a person, though written twice


def test_odds_are_those_of_monroe_and_others():
    found = _found(["slow"] * 30 + ["fine"] * 10, ["slow"] * 10 + ["fine"] * 30).loc["slow"]
    assert found["times"] == pytest.approx((31.5 / 11.5) ** 2)
    assert np.log(found["times_high"] / found["times"]) == pytest.approx(1.96 * np.sqrt(1 / 31 + 1 / 11))


def test_what_few_write_is_left_out():
    assert _found(["Ask for Mr Smith"] * 9, ["fine"] * 30).index.tolist() == ["fine"]


def test_common_words_and_one_side_alone_say_nothing():
    assert _found(["it was not the"] * 20, ["and they are"] * 20).empty
    assert _found(["slow"] * 20, []).empty


def test_terms_of_chance_are_not_sure():
    rng = np.random.default_rng(1)
    drawn = [" ".join(rng.choice(["alpha", "beta", "gamma", "delta", "omega"], 2)) for _comment in range(300)]
    assert (_found(drawn[:150], drawn[150:])["sure"] == 0).all()


def test_a_new_term_is_found():
    comments = _comments(["slow parcel"] * 300, [])
    late = comments.rows["at"] >= "2026-08-01"
    rows = comments.rows.assign(text=np.where(late, "slow parcel cracked", "slow parcel"))
    found = newer_terms(
        Comments(rows, scored=True, cut=0), words_of(rows["text"], rows["person"], 10), pd.Timestamp("2026-08-01")
    )
    assert found.loc[found["q"] < 0.05, "name"].tolist() == ["cracked"]


def test_chances_are_fishers():
    assert exact_chances([3], [10], [3], [10])[0] == 1
    assert exact_chances([10], [10], [0], [10])[0] == pytest.approx(2 / 184_756)


@pytest.mark.shared_data
def test_chinese_reviews_are_told_apart(reviews):
    hotel = reviews[reviews["cat"] == "酒店"].groupby("label").head(400)
    found = _found(hotel.loc[hotel["label"] == 0, "review"], hotel.loc[hotel["label"] == 1, "review"])["sure"]
    assert found["不错"] == -1
    assert found["太差"] == 1


# sentiment


def test_sentiment_is_learnt_and_tried_on_other_texts(planted, learnt):
    assert learnt.is_useful
    assert learnt.accuracy.low > 0.9
    assert learnt.accuracy.n == planted.rows["text"].nunique()


def test_scores_that_hang_on_nothing_teach_nothing(planted):
    coin = pd.Series(np.random.default_rng(3).random(len(planted.rows)) < 0.3)
    assert not learn_sentiment(planted.rows["text"], coin, 1).is_useful


def test_copies_do_not_make_few_texts_many():
    texts = pd.Series([f"text {number % 60}" for number in range(6_000)])
    learnt = learn_sentiment(texts, texts.str.endswith("1"), 1)
    assert (learnt.texts, learnt.classifier) == (60, None)


@pytest.mark.thorough
@pytest.mark.shared_data
def test_sentiment_of_all_reviews_is_right_for_at_least_93_in_a_hundred(reviews):
    fifth = len(reviews) // 5
    part, held = reviews.iloc[fifth:], reviews.iloc[:fifth]
    model = Classifier(part["text"].to_numpy(dtype=object), (part["label"] == 0).to_numpy(), 1)
    assert (model.low(held["text"].tolist()) == (held["label"] == 0)).mean() >= 0.93


@pytest.mark.shared_data
def test_sentiment_of_real_reviews(reviews):
    part, held = reviews.iloc[:4_000], reviews.iloc[-3_000:]
    model = Classifier(part["text"].to_numpy(dtype=object), (part["label"] == 0).to_numpy(), 1)
    started = time.process_time()
    low = model.low(held["text"].tolist())
    assert (time.process_time() - started) / len(held) < 0.0003
    # each night's test learns from twelve times as many and reaches .943; four standard errors below .91
    assert (low == (held["label"] == 0)).mean() > 0.89


def test_the_lexicon_tells_praise_from_blame_and_turns_negations_round():
    said = by_lexicon(["terrible service", "很满意", "not good", "不推荐", "the shop", "没有失望"])
    np.testing.assert_array_equal(said, [1, 0, 1, 1, np.nan, 0])


# aspects


def test_the_subject_that_is_negative_more_often_is_found(planted):
    own = known_aspects({name: words for name, words in SUBJECTS.items() if name != "parcel"})
    found = aspect_sentiment(mentions(planted, own), 10).set_index("aspect")
    # checkout and queue are words of speed too
    assert found.loc["tills", "stands"] == ABOVE
    share = found.loc["tills", "negative"] / found.loc["tills", "people"]
    assert abs(share - 0.6) < 4 * np.sqrt(0.6 * 0.4 / 150)


def test_a_comment_on_several_subjects_is_judged_passage_by_passage(learnt):
    both = _comments(["水果 很满意 excellent, 排队 太差 awful"] * 20, ["fruit"])
    told = mentions(both, known_aspects({"fruit": ["水果"]}), learnt.classifier).groupby("aspect")["negative"].mean()
    assert told.to_dict() == {"fruit": 0.0, "speed": 1.0}
    assert mentions(both, known_aspects({"fruit": ["水果"]}))["negative"].eq(1).all()


def test_english_words_stand_alone_and_may_touch_chinese_ones():
    pattern = known_aspects({})["app"]
    assert pattern.search("这个app很好")
    assert not pattern.search("a happy apple")


def test_nothing_mentioned_is_no_error():
    assert aspect_sentiment(mentions(_comments(["zzz"], ["yyy"]), known_aspects({})), 10).empty


# topics


def test_planted_topics_are_found_again(planted):
    words = _words(planted)
    topics = find_topics(words, 1)
    rows = planted.rows.assign(topic=topics.of)
    subject = rows["text"].map(
        lambda text: next(name for name, known in SUBJECTS.items() if any(w in text for w in known))
    )
    agree = pd.crosstab(subject, rows["topic"])
    assert len(topics.names) >= 3
    assert agree.max(axis=0).sum() / len(rows) > 0.8


def test_few_texts_and_words_without_order_make_no_topics():
    assert find_topics(_words(_comments(["slow parcel"] * 300, ["nice shop"] * 300)), 1).names == ()
    rng = np.random.default_rng(2)
    noise = [" ".join(f"w{a}x" for a in map(chr, rng.integers(97, 123, 5))) for _comment in range(400)]
    assert find_topics(_words(_comments(noise, [])), 1).names == ()


def test_an_example_is_what_many_wrote(planted):
    rows = pd.concat(
        [planted.rows, planted.rows.iloc[[0] * 12].assign(person=[f"q{i}" for i in range(12)])], ignore_index=True
    )
    comments = Comments(rows, scored=True, cut=0)
    found = topic_rows(comments, find_topics(_words(comments), 1), 10)["example"].dropna()
    assert found.tolist() == [planted.rows["text"].iloc[0]]
    assert topic_rows(planted, find_topics(_words(planted), 1), 10)["example"].isna().all()


# the page


def test_the_page_says_subject_accuracy_and_no_markup(told, planted, learnt):
    told.params.satisfaction = SatisfactionSection(aspects={"<b>tills</b>": SUBJECTS["tills"]})
    shown = _page(told, planted, learnt)
    assert "<b>tills" not in shown.html.lower()
    assert "different comments held out; always saying" in shown.text
    assert re.search(r"as the scores taught \(right for \d+\.\d.% of comments held out\)", shown.html)
    assert "What detractors write more often than promoters" in shown.text


def test_what_moved_stands_beside_what_was_and_small_numbers_are_hidden(told, planted, learnt):
    rows = planted.rows.assign(at=pd.date_range("2025-12-01", "2026-10-30", periods=len(planted.rows)))
    late = rows["at"] >= "2026-08-10"
    moved = rows.assign(text=rows["text"].where(~late, rows["text"] + " 闪退"))
    text = _page(told, Comments(moved, scored=True, cut=2), learnt).text
    assert re.search(r"\n闪退 \| \d\d\.\d.% \(.*\) \| hidden\n", text)
    assert "2 comments are longer than 2,000 characters" in text


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (["😀"] * 20, ["👍👍"] * 20),
        (["太差 slow"] * 30, []),
        ([], ["好"] * 12),
        (["a\x00" + "很" * 100_000] * 11, ["ok"]),
    ],
)
def test_whatever_is_written_makes_a_page(told, low, high):
    shown = _page(told, _comments(low, high))
    assert "Sentiment is not learnt" in shown.text
    assert "nan" not in shown.text.lower()


def test_few_texts_are_said_rather_than_boasted_of(told):
    text = _page(told, _comments([f"slow parcel {letter}" for letter in "abcdefghijkl"], ["nice shop"] * 12)).text
    assert "Sentiment is not learnt: of 100 different scored comments" in text
    assert "Topics are not told: of 100 different comments" in text


def test_the_demos_topics_are_the_planted_subjects_and_its_scores_teach_sentiment(demo_reading, demo_run):
    topics = demo_reading.topics
    first = demo_reading.comments.rows["text"].map(_planted_subject)
    table = pd.crosstab(first[topics.of >= 0], topics.of[topics.of >= 0])
    # an aside may weigh more than the subject, in one comment of five at the most
    assert (table.max(axis=0) / table.sum(axis=0)).min() > 0.7
    assert table.max(axis=0).sum() / table.to_numpy().sum() > 0.85
    assert set(table.idxmax(axis=0)) == set(PARTS)
    assert demo_reading.sentiment.accuracy.low > 0.9
    shown = show_comments(SimpleNamespace(comments=demo_reading), demo_run)
    assert "Topics of the comments, named by their terms" in shown.text
    assert "Comments on price are negative more often" in shown.text


def test_without_a_survey_complaints_are_read(demo_run):
    comments = read_comments(demo_run, None)
    assert not comments.scored
    shown = _page(demo_run, comments)
    assert "words of praise and blame decide" in shown.html


def test_without_comments_it_says_what_was_not_delivered(bare_run):
    gap = read_comments(bare_run, None)
    assert isinstance(gap, Gap)
    assert not gap.delivered
    assert show_comments(SimpleNamespace(comments=gap), bare_run).kind == "nothing"
