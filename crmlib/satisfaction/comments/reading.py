"""What a run's comments say: read once, each finding computed when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.satisfaction.comments.aspects import aspect_sentiment, known_aspects, mentions
from crmlib.satisfaction.comments.sentiment import Sentiment, learn_sentiment
from crmlib.satisfaction.comments.terms import newer_terms, telling_terms
from crmlib.satisfaction.comments.texts import Comments, read_comments, scored_comments
from crmlib.satisfaction.comments.topics import Topics, find_topics, newer_topics, topic_rows
from crmlib.satisfaction.comments.words import Words, words_of
from crmlib.satisfaction.evidence import Gap

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.workspace import Run


class Reading:
    """The comments of the last year and what they say; nothing in it has passed the gate."""

    def __init__(self, run: Run, survey: Survey | None, comments: Comments) -> None:
        self.run = run
        self.survey = survey
        self.comments = comments

    @cached_property
    def words(self) -> Words:
        """Which text has which term, those of enough people."""
        rows = self.comments.rows
        return words_of(rows["text"], rows["person"], self.run.fewest, self.run.params.satisfaction.words)

    @cached_property
    def terms(self) -> pd.DataFrame:
        """The terms that tell low scores from high ones."""
        return telling_terms(self.comments, self.words, self.run.rules.base)

    @cached_property
    def sentiment(self) -> Sentiment:
        """Praise or blame, learnt from all comments ever scored."""
        scored = scored_comments(self.survey) if self.survey is not None else self.comments.rows.iloc[:0]
        return learn_sentiment(scored["text"], scored["low"], self.run.params.satisfaction.seed)

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Which comment mentions which aspect, and whether in blame."""
        classifier = self.sentiment.classifier if self.sentiment.is_useful else None
        return mentions(self.comments, known_aspects(self.run.params.satisfaction.aspects), classifier)

    @cached_property
    def aspects(self) -> pd.DataFrame:
        """How many mention each aspect, and how many of them in blame."""
        return aspect_sentiment(self.mentions, self.run.fewest)

    @cached_property
    def topics(self) -> Topics:
        """The topics and the one of each comment."""
        return find_topics(self.words, self.run.params.satisfaction.seed)

    @cached_property
    def topic_rows(self) -> pd.DataFrame:
        """Who wrote about each topic, who of them with a low score, an example that is nobody's own."""
        return topic_rows(self.comments, self.topics, self.run.fewest)

    @cached_property
    def newer(self) -> pd.DataFrame:
        """The terms and topics of the last window beside those of the year before it."""
        start = pd.Timestamp(self.run.as_of) - pd.Timedelta(days=self.run.params.satisfaction.window_days)
        terms = newer_terms(self.comments, self.words, start).assign(kind="term")
        topics = newer_topics(self.comments, self.topics, start).assign(kind="topic")
        return pd.concat([part for part in (terms, topics) if len(part)] or [terms], ignore_index=True)


def read(run: Run, survey: Survey | None) -> Reading | Gap:
    """Open what a run's comments say, or say why there are none to read."""
    comments = read_comments(run, survey)
    return comments if isinstance(comments, Gap) else Reading(run, survey, comments)
