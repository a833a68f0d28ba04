"""What customers write, on the page: the subjects of their comments and how many are negative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.reporting import Gated, Shown, estimate, figure, folded, gate, label, note, palette, people, rate, show_all
from crmlib.reporting.figures import bars
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.comments.aspects import ABOVE
from crmlib.satisfaction.comments.sentiment import FEWEST
from crmlib.satisfaction.comments.terms import CHANCE
from crmlib.satisfaction.comments.texts import LONGEST
from crmlib.satisfaction.evidence import Gap, percent, source
from crmlib.surveys import score_name
from crmlib.words import _, plural
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.satisfaction.comments.reading import Reading
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

MOST_TERMS: Final = 8
_LONGEST_EXAMPLE: Final = 80


def show_comments(found: Study, run: Run) -> Shown:
    """Show what customers write about and in what mood; terms and topics are folded."""
    reading = found.comments
    if isinstance(reading, Gap):
        return reading.show()
    gated = _gated_aspects(reading, run)
    known = gated.rows(lambda frame: frame["share"].notna()).ordered("share", descending=True)
    none = _("No subject is written about by enough customers to be told.")
    picture = _picture(reading, known, run) if len(known) else note(none)
    return show_all(picture, _details(reading, run))


def _gated_aspects(reading: Reading, run: Run) -> Gated:
    named = reading.aspects.assign(aspect=[aspect_name(name) for name in reading.aspects["aspect"]])
    return gate(
        named[["aspect", "people", "negative"]], run,
        label("aspect", _("Subject")),
        people("people", _("Customers")),
        people("negative", _("Of them negative")),
        rate("share", _("Share negative"), per=("negative", "people"), decimals=0),
    )  # fmt: skip


def aspect_name(name: str) -> str:
    """Name an aspect as its score is named."""
    return sentence_start(score_name(name))


def _picture(reading: Reading, gated: Gated, run: Run) -> Shown:
    what = _("survey comments") if reading.comments.scored else _("texts of complaints and suggestions")
    return figure(
        _bars,
        gated,
        title=aspects_title(reading.aspects[reading.aspects["negative"] >= run.fewest], run),
        alt=run.say(_("Bars with intervals, share negative: {bars}."), bars=gated.listing("{aspect} {share}")),
        read=_("A bar is the share of customers writing of a subject who do so negatively; in brackets, how many do."),
        limits=_judged_by(reading, run),
        source=source(run, what, reading.comments.people, YEAR),
        size=(7.2, 0.9 + 0.4 * len(gated)),
    )


def aspects_title(aspects: pd.DataFrame, run: Run) -> str:
    """Say which subjects are written about negatively more often than the others, by more than chance."""
    worst = [aspect_name(name).lower() for name in aspects.loc[aspects["stands"] == ABOVE, "aspect"]]
    if not worst:
        return _("Comments on no subject are negative clearly more often than on the others")
    return run.say(
        _("Comments on {subjects:list} are negative more often than those on other subjects"), subjects=worst
    )


def _judged_by(reading: Reading, run: Run) -> str:
    """Say when a comment is negative, and how often what was learnt is right."""
    if reading.comments.scored and not reading.sentiment.is_useful:
        return _("Negative is a comment with a low score, whichever of its subjects the score was given for.")
    if reading.comments.scored:
        words = _(
            "Negative is a low score; in a comment on several subjects, clear passages are judged as the scores taught "
            "(right for {x:share} of comments held out)."
        )
        return run.say(words, x=reading.sentiment.accuracy.value)
    if reading.sentiment.is_useful:
        words = _(
            "Nobody scored these texts: negative is what reads like a comment with a low score in the survey (right "
            "for {x:share} of comments held out)."
        )
        return run.say(words, x=reading.sentiment.accuracy.value)
    return _(
        "Nobody scored these texts: words of praise and blame decide, how rightly is not known; others do not count."
    )


def sentiment_words(reading: Reading, run: Run) -> str:
    """Say how often the learnt sentiment is right on texts held out, or why there is none."""
    learnt = reading.sentiment
    if learnt.classifier is None:
        few = _(
            "Sentiment is not learnt: of {least:count} different scored comments that it needs there are {n:count}."
        )
        alike = _("Sentiment is not learnt from the scores: nearly all scored comments are on one side.")
        return run.say(few if learnt.texts < FEWEST else alike, n=learnt.texts, least=FEWEST)
    words = (
        _("Sentiment learnt from the scores is right for {x:share} ({low:share} to {high:share}) of different "
          "comments held out; always saying the commoner, for {y:share}.")
        if learnt.is_useful
        else _("Sentiment learnt from the scores is right for {x:share} ({low:share} to {high:share}) of different "
               "comments held out, no surer than always saying the commoner ({y:share}): it is not used.")
    )  # fmt: skip
    accuracy = learnt.accuracy
    return run.say(words, x=accuracy.value, low=accuracy.low, high=accuracy.high, y=learnt.commoner)


def _details(reading: Reading, run: Run) -> Shown:
    """Fold terms, topics, what is new, and what was not read."""
    parts = [*_terms(reading, run), *_topics(reading, run), _newer(reading, run), note(sentiment_words(reading, run))]
    if cut := reading.comments.cut:
        words = plural(
            "One comment is longer than {most:count} characters and was read up to there.",
            "{n:count} comments are longer than {most:count} characters and were read up to there.",
            cut,
        )
        parts.append(note(run.say(words, n=cut, most=LONGEST)))
    return folded(_("Terms, topics, and what is new"), *parts)


def _terms(reading: Reading, run: Run) -> list[Shown]:
    """Show the terms of low scores and those of high ones, the surest first."""
    if not reading.comments.scored:
        return []
    terms = reading.terms[reading.terms["people"] >= run.fewest]
    upside = {"times": 1 / terms["times"], "times_low": 1 / terms["times_high"], "times_high": 1 / terms["times_low"]}
    sides = [
        (terms[terms["sure"] > 0], _("What detractors write more often than promoters")),
        (terms.assign(**upside)[terms["sure"] < 0][::-1], _("What promoters write more often than detractors")),
    ]
    columns = (
        label("term", _("Term")),
        people("people", _("Customers")),
        estimate("times", _("Times the odds"), "number", of="people", decimals=1),
    )
    shown = [
        gate(side.drop(columns="sure").head(MOST_TERMS), run, *columns).table(caption)
        for side, caption in sides
        if len(side)
    ]
    return shown or [note(_("No term tells low scores from high ones by more than chance."))]


def _topics(reading: Reading, run: Run) -> list[Shown]:
    """Show the topics, who writes about them, and an example where one is nobody's own."""
    topics = reading.topics
    if not topics.names:
        few = _("Topics are not told: of {least:count} different comments that they need there are {n:count}.")
        none = _("Topics are not told: {n:count} different comments do not fall into groups that are found again.")
        return [note(run.say(few if topics.texts < FEWEST else none, n=topics.texts, least=FEWEST))]
    rows = reading.topic_rows.assign(example=reading.topic_rows["example"].map(_shortened, na_action="ignore"))
    examples, scored = rows["example"].notna().any(), _("With a low score") if reading.comments.scored else ""
    gated = gate(
        rows, run,
        label("topic", _("Topic")),
        people("people", _("Customers")),
        people("low"),
        rate("share", scored, per=("low", "people"), decimals=0),
        label("example", _("As many wrote") if examples else "", missing=_("no words that many share")),
    )  # fmt: skip
    told = gated.table(_("Topics of the comments, named by their terms"))
    words = _("No example: a comment is shown only where at least {n:count} people wrote the very same.")
    return [told] if examples else [told, note(run.say(words, n=run.fewest))]


def _shortened(example: str) -> str:
    return example if len(example) <= _LONGEST_EXAMPLE else example[:_LONGEST_EXAMPLE].rstrip() + "…"


def _newer(reading: Reading, run: Run) -> Shown:
    """Show the terms and topics whose share has moved by more than chance."""
    days = run.params.satisfaction.window_days
    moved = reading.newer[reading.newer["q"] < CHANCE].drop(columns=["q", "kind"])
    if moved.empty:
        words = _(
            "No term or topic is written clearly more or less often in the last {days:days} than in the year before."
        )
        return note(run.say(words, days=days))
    gated = gate(
        moved.head(MOST_TERMS), run,
        label("name", _("Term or topic")),
        people("people"), people("writers"), people("people_before"), people("writers_before"),
        rate("now", run.say(_("Last {days:days}"), days=days), per=("people", "writers")),
        rate("before", _("Earlier in the year"), per=("people_before", "writers_before")),
    )  # fmt: skip
    return gated.table(_("What more or fewer of those who comment write about than before"))


def _bars(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the share of negative comments on each subject."""
    frame = percent(frame, "share")
    frame = frame.assign(aspect=[f"{row.aspect} ({row.people:,.0f})" for row in frame.itertuples()])
    unit = _("Customers who write of it negatively (%)")
    bars(axes, frame, label="aspect", value="share", low="share_low", high="share_high", unit=unit,
         colour=palette.ACCENT, written="number0")  # fmt: skip
    axes.set_xlim(left=0)
