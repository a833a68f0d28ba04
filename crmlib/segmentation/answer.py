"""The first screen of the chapter: the answer in a few sentences and the strip of headline figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.reporting import Shown, answer, insufficient, show_all, show_headlines
from crmlib.segmentation.business.measures import FIGURES
from crmlib.segmentation.business.period_words import period_in_words
from crmlib.segmentation.customers.migration import migration_answer
from crmlib.segmentation.customers.profile import segments_answer
from crmlib.segmentation.headlines import headlines
from crmlib.segmentation.value import value_answer
from crmlib.segmentation.value.forecast import VALUE_AHEAD
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

CHAPTER: Final = "02_segmentation"
TILES: Final = (*(each.code for each in FIGURES if each.tile), VALUE_AHEAD.code)


def show_answer(found: Study, run: Run) -> Shown:
    """Show the chapter's answer and its headline figures, each beside the last period's; record all of these."""
    base = found.base
    if found.months.empty:
        return insufficient(
            needed=_("purchases before the report's date"), found=_("none"), therefore=_("This chapter is not shown.")
        )
    said = [period_in_words(found.months, found.earlier, run)]
    if not run.too_few(len(base.now)):
        said += filter(None, [segments_answer(base.profile, run)])
    if base.migration is not None:
        said.append(migration_answer(base.migration, run))
    said += filter(None, [value_answer(found.forecast, run)])
    tiles = show_headlines(headlines(found, run), run, CHAPTER, TILES)
    return show_all(answer(*said), *([tiles] if tiles else []))
