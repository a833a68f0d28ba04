"""The chapters of a report: which notebook becomes which page, in the order they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Chapter:
    """One notebook and the page it becomes.

    Attributes
    ----------
    stem
        Name of the notebook without its ending, ``03_churn``.
    page
        File name of the published page.
    title
        The chapter's title in links and in the front door.
    needs
        Stems of the notebooks whose tables this one reads.
    reads_early
        Stems of those of which it reads nothing but what stands once their cell tagged ``handed-over`` has run.
    writes
        Names of the tables that other chapters may read.
    keyed
        Whether the notebook is given the key of the pseudonyms; no other sees it.
    looks_back
        Whether the notebook reads what earlier periods published.
    notebook
        Name of the notebook where that is another: one that makes several pages.
    given
        What the notebook is given beside what all are, by the names of its parameters.
    """

    stem: str
    page: str
    title: str
    needs: tuple[str, ...] = ()
    reads_early: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    keyed: bool = False
    looks_back: bool = False
    notebook: str = ""
    given: tuple[tuple[str, str], ...] = ()


CHAPTERS: Final = (
    Chapter("01_data_prep", "01_data_prep.html", "Can the data be trusted?", keyed=True),
    Chapter(
        "02_segmentation",
        "02_segmentation.html",
        "Who the customers are",
        ("01_data_prep",),
        writes=("segments", "candidates_segmentation", "business_figures", "part_changes"),
    ),
    Chapter(
        "03_churn",
        "03_churn.html",
        "Who is about to leave",
        ("01_data_prep",),
        ("02_segmentation",),
        ("churn_scores", "candidates_churn", "campaign_assumptions", "experiment", "churn_groups"),
    ),
    Chapter(
        "04_satisfaction",
        "04_satisfaction.html",
        "How satisfied they are",
        ("01_data_prep",),
        ("02_segmentation",),
        ("satisfaction_customers", "candidates_satisfaction", "satisfaction_places", "complaint_rates"),
    ),
    Chapter(
        "05_actions",
        "05_actions.html",
        "What to do about it",
        ("01_data_prep", "02_segmentation", "03_churn", "04_satisfaction"),
    ),
    Chapter(
        "06_summary",
        "index.html",
        "The month in five sentences",
        ("01_data_prep", "02_segmentation", "03_churn", "04_satisfaction", "05_actions"),
        looks_back=True,
    ),
)


def chapters_of(own: Mapping[str, str]) -> tuple[Chapter, ...]:
    """Give the chapters of a report, those of the shop's own between the last of ours and the summary.

    Parameters
    ----------
    own
        Titles by the stem of the notebook, as the parameters have them; such a chapter may read all tables.
    """
    *ours, summary = CHAPTERS
    before = tuple(chapter.stem for chapter in ours)
    added = [Chapter(stem, f"{stem}.html", title, before) for stem, title in own.items()]
    return (*ours, *added, replace(summary, needs=(*before, *own)))


def chapter(stem: str, chapters: Sequence[Chapter] = CHAPTERS) -> Chapter:
    """Find a chapter by its notebook's stem; a KeyError lists those that exist."""
    for one in chapters:
        if one.stem == stem:
            return one
    known = ", ".join(one.stem for one in chapters)
    raise KeyError(f"no chapter {stem!r}; there are {known}")


def maker(table: str) -> str:
    """Name the notebook that writes a table; clean tables are the first chapter's."""
    return next((one.stem for one in CHAPTERS if table in one.writes), "01_data_prep")
