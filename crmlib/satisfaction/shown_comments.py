"""What customers write, on the page: terms that the unhappy use, and those of the happy."""

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, note, show_all, table
from crmlib.satisfaction.comments import telling_terms
from crmlib.satisfaction.overview import Overview
from crmlib.satisfaction.scores import DETRACTOR
from crmlib.satisfaction.shown_overview import needs_survey
from crmlib.words import _
from crmlib.workspace import Run

MOST_TERMS = 8
_SURE = 1.96


def comments_shown(run: Run, now: Overview) -> Shown:
    """Show the terms that tell low scores from high ones; only those that enough customers wrote."""
    survey = now.survey
    if survey is None:
        return needs_survey(now)
    written = survey.answers()
    score = survey.recommend or str(survey.overall)
    written = written[written["comment"].notna() & written[score].notna()]
    low = written[score] <= (DETRACTOR if survey.recommend is not None else survey.scales[score].middle)
    found = telling_terms(written["comment"], written["person"], low, fewest=run.rules.threshold)
    unhappy = found[(found["z"] > _SURE) & ~found["people_low"].map(run.rules.hides)]
    happy = found[(found["z"] < -_SURE) & ~found["people_high"].map(run.rules.hides)][::-1]
    parts = [
        _terms(run, unhappy, "people_low", _("What customers with a low score write")),
        _terms(run, happy, "people_high", _("What customers with a high score write")),
    ]
    shown = [part for part in parts if part is not None]
    return show_all(*shown) if shown else note(_("No term tells low scores from high ones by more than chance."))


def _terms(run: Run, found: pd.DataFrame, people: str, caption: str) -> Shown | None:
    if found.empty:
        return None
    shown = disclose(found[["term", people]].head(MOST_TERMS), labels=["term"], counts=[people], rules=run.rules)
    return table(shown, caption, {"term": Shows(_("Term")), people: Shows(_("Customers"), "people")})
