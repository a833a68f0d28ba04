"""What simulated customers write: many different texts, each about what its scores say, none of it personal."""

import numpy as np
import pandas as pd
import pytest

from crmlib.demo import Chain
from crmlib.demo.remarks import PARTS, SUBJECTS, write_remarks
from crmlib.privacy.masking import know_names, mask


def subject_of(text: str) -> str:
    """Say which subject a remark begins with."""
    said = {
        text.lower().find(of): name
        for name, tongues in PARTS.items()
        for parts in tongues.values()
        for of in parts["of"]
    }
    return said[min(place for place in said if place >= 0)]


@pytest.fixture(scope="module")
def written(chain: Chain) -> pd.DataFrame:
    """Give the comments with the scores beside them."""
    told = chain.surveys[chain.surveys["comment"].notna()]
    return told.assign(subject=told["comment"].map(subject_of))


def test_texts_are_many_and_in_both_languages(written: pd.DataFrame, chain: Chain) -> None:
    assert written["comment"].nunique() > 800
    assert chain.interactions["text"].nunique() > 800
    chinese, latin = (written["comment"].str.contains(letters) for letters in ("[\u4e00-\u9fff]", "[A-Za-z]"))
    assert min((chinese & ~latin).mean(), (chinese & latin).mean(), (latin & ~chinese).mean()) > 0.1
    assert written["comment"].str.len().max() <= 200


def test_a_comment_is_about_the_driver_that_stands_out(written: pd.DataFrame) -> None:
    full = written.dropna(subset=[f"score_{name}" for name in SUBJECTS])
    scores = full[[f"score_{name}" for name in SUBJECTS]]
    own = np.array([row[f"score_{name}"] for name, (_, row) in zip(full["subject"], scores.iterrows(), strict=True)])
    extreme = np.where(full["score_satisfaction"] >= 4, scores.max(axis=1), scores.min(axis=1))
    assert (own == extreme)[full["score_satisfaction"].notna()].all()


def test_complaints_are_about_their_topic_and_a_team_is_in_charge(chain: Chain) -> None:
    complaints = chain.interactions[chain.interactions["kind"] == "complaint"]
    assert (complaints["text"].map(subject_of) == complaints["topic"]).all()
    # the store's counter, customer care, or the one of four teams that the topic belongs to
    assert complaints.groupby("topic")["owner"].nunique().le(3).all()
    assert 0.01 < complaints["owner"].isna().mean() < 0.08


def test_nothing_written_is_personal_or_a_members_name(written: pd.DataFrame, chain: Chain) -> None:
    names = know_names(chain.people["name"])
    texts = {*written["comment"], *chain.interactions["text"]}
    assert [text for text in texts if mask(text, names) != text] == []


def test_a_second_subject_has_its_own_tone() -> None:
    told = pd.DataFrame({"subject": [0], "tone": [1], "language": [0.1], "aside": [1], "aside_tone": [-1]})
    text = write_remarks(np.random.default_rng(1), told.loc[[0] * 50])
    praise, blame = (tuple(PARTS[name]["zh"][tone]) for name, tone in (("staff", "praise"), ("range", "blame")))
    assert all("不过" in said and any(word in said for word in blame) for said in text)
    assert all(any(word in said for word in praise) for said in text)
