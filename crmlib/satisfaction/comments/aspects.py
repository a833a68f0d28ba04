"""What customers write about, aspect by aspect, and how many of them with blame."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.satisfaction.comments.sentiment import by_lexicon
from crmlib.satisfaction.comments.terms import CHANCE, exact_chances
from crmlib.satisfaction.comments.vocabulary import ASPECTS
from crmlib.satisfaction.comments.words import PASSAGE
from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from crmlib.satisfaction.comments.sentiment import Classifier
    from crmlib.satisfaction.comments.texts import Comments

ABOVE: Final = "above"
BELOW: Final = "below"
ALIKE: Final = "alike"
CLEAR: Final = 0.5
"""Half the margin: passages that lean so far agree with the score as often as whole comments do (93 % of reviews)."""
_ASCII: Final = re.compile(r"[a-z]")


def known_aspects(own: Mapping[str, Sequence[str]]) -> dict[str, re.Pattern[str]]:
    """Give each aspect's pattern: the words known beforehand and the retailer's own; Latin ones stand alone."""
    words = {name: [*ASPECTS.get(name, ()), *own.get(name, ())] for name in (*ASPECTS, *own)}
    return {name: _pattern(sorted({word.lower() for word in given})) for name, given in words.items()}


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    # \b takes Chinese characters for letters, and an English word may stand right beside one
    parts = [rf"(?<![a-z]){re.escape(word)}(?![a-z])" if _ASCII.search(word) else re.escape(word) for word in words]
    return re.compile("|".join(parts))


def mentions(
    comments: Comments, aspects: Mapping[str, re.Pattern[str]], classifier: Classifier | None = None
) -> pd.DataFrame:
    """Give one row a comment and an aspect that it mentions: `aspect, person, at, negative`.

    A comment about one aspect is as negative as its score. In one about several the passages on each are judged for
    themselves where something was learnt to judge by and they are clear, else by the score. Texts that nobody scored
    are judged by what was learnt too, else by the lexicon (missing where it cannot tell).
    """
    texts = pd.Series(comments.rows["text"].unique())
    found = [
        texts[texts.str.contains(pattern)].to_frame("text").assign(aspect=name) for name, pattern in aspects.items()
    ]
    mentioned = pd.concat(found, ignore_index=True)
    mentioned["judged"] = _judged(mentioned, aspects, classifier, scored=comments.scored)
    rows = comments.rows[["person", "at", "text", "low"]].merge(mentioned)
    scored = rows["low"].astype(float) if comments.scored else np.nan
    return rows.assign(negative=rows["judged"].fillna(scored))[["aspect", "person", "at", "negative"]]


def _judged(
    mentioned: pd.DataFrame, aspects: Mapping[str, re.Pattern[str]], classifier: Classifier | None, *, scored: bool
) -> NDArray[np.float64]:
    """Judge the passages on an aspect (1 negative, 0 not), missing where the score is to say it, or nothing can."""
    verdict = np.full(len(mentioned), np.nan)
    several = (mentioned.groupby("text")["aspect"].transform("size") > 1).to_numpy()
    judged = several if scored else np.ones(len(mentioned), dtype=bool)
    pairs = zip(mentioned["text"][judged], mentioned["aspect"][judged], strict=True)
    said = [passages(text, aspects[name]) for text, name in pairs]
    if classifier is not None:
        leaning = classifier.leaning(said)
        verdict[judged] = np.where((np.abs(leaning) > CLEAR) | (not scored), leaning > 0, np.nan)
    elif not scored:
        verdict[judged] = by_lexicon(said)
    return verdict


def passages(text: str, pattern: re.Pattern[str]) -> str:
    """Give the passages of a text that mention an aspect."""
    return " ".join(passage for passage in PASSAGE.split(text) if pattern.search(passage)) or text


def aspect_sentiment(mentioned: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """Count who mentions each aspect, who of them in blame, and say which stand apart from all the others.

    `aspect, people, negative` (by what each wrote last of it), `stands`: above or below the other mentions by more than
    chance (Fisher, Benjamini-Hochberg at 5 %), or alike. The most often negative first; aspects of fewer people than
    `fewest` are left out.
    """
    told = mentioned.dropna(subset=["negative"]).sort_values("at", kind="stable")
    last = told.drop_duplicates(["aspect", "person"], keep="last")
    found = last.groupby("aspect", sort=True)["negative"].agg(people="size", negative="sum").reset_index()
    found = found[found["people"] >= fewest].astype({"people": "int64", "negative": "int64"})
    rest, blamed = found["people"].sum() - found["people"], found["negative"].sum() - found["negative"]
    chance = benjamini_hochberg(exact_chances(found["negative"], found["people"], blamed, rest))
    more = found["negative"] / found["people"] > blamed / rest.where(rest > 0)
    stands = np.where(chance < CHANCE, np.where(more, ABOVE, BELOW), ALIKE)
    found = found.assign(stands=stands, share=found["negative"] / found["people"])
    found = found.sort_values(["share", "aspect"], ascending=[False, True], ignore_index=True)
    return found.drop(columns="share")
