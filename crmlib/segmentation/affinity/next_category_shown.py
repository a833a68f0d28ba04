"""The next category for a customer, as the page shows it: how often suggestions hit, and by which method they go."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, folded, insufficient, note, show_all, table
from crmlib.segmentation.affinity.next_category import FIRST, NextCategory
from crmlib.segmentation.affinity.suggestions import BY_OWN, winner
from crmlib.segmentation.wording import listed, people, share
from crmlib.words import _, formats
from crmlib.workspace import Run

HITS: Final = ("hit", "popular")
GAINS: Final = ("gain", "gain_low", "gain_high")


def show_next_category(judged: NextCategory, run: Run) -> Shown:
    """Say how often one suggestion hits and which method is used; folded, the hit rates with one, three and five.

    Parameters
    ----------
    judged
        From :func:`crmlib.segmentation.affinity.next_category.next_category`.
    run
        The run, for its rules and words.
    """
    if judged.customers < run.rules.threshold:
        return insufficient(
            needed=_("{n} customers who bought from a category new to them in the last part of the history").format(
                n=run.rules.threshold
            ),
            found=_("fewer"),
            therefore=_("No next category is suggested."),
        )
    run.write("next_category_hits", judged.rates, by=["suggestions"])
    numbers = listed([formats.count(n) for n in FIRST])
    summary = _("How often {numbers} suggestions hit").format(numbers=numbers)
    data = _disclosed(judged, run)
    return show_all(note(verdict(judged, data.frame)), folded(summary, _table(data, judged, run)))


def _disclosed(judged: NextCategory, run: Run) -> Disclosed:
    hits = {f"{name}_hits": (judged.rates[name] * judged.customers).round() for name in HITS}
    rates = judged.rates[["suggestions", "random", *GAINS]].assign(customers=judged.customers, **hits)
    rates[list(GAINS)] *= 100
    return disclose(
        rates,
        labels=["suggestions"],
        counts=["customers", *hits],
        based_on="customers",
        measures=["random", *GAINS],
        shares={name: (f"{name}_hits", "customers") for name in HITS},
        ranges=HITS,
        rules=run.rules,
    )


def _table(data: Disclosed, judged: NextCategory, run: Run) -> Shown:
    columns = {
        "suggestions": Shows(_("Categories suggested"), "count"),
        "hit": Shows(_("One was bought: by what the customer has"), "share", "hit_low", "hit_high", decimals=0),
        "popular": Shows(_("One was bought: the most popular"), "share", "popular_low", "popular_high", decimals=0),
        "random": Shows(_("Drawn at random"), "share", decimals=0),
        "gain": Shows(_("Difference, points"), "points", "gain_low", "gain_high", decimals=1),
    }
    caption = _("Suggested categories, judged on {people} who then bought from one new to them").format(
        people=people(run, judged.customers)
    )
    limits = _(
        "A difference counts where its p-value, adjusted for the three numbers of suggestions (Holm), is below 0.05; "
        "each range alone is one of 95 %. Where drawing at random hits nearly as often, a row says little."
    )
    return table(data, caption, columns, confidence=None, note=limits)


def verdict(judged: NextCategory, shown: pd.DataFrame) -> str:
    """Say how often one suggestion hits by the method used, by the other and at random, and why it is used.

    Parameters
    ----------
    judged
        Which method wins, and with how many suggestions they differ.
    shown
        The rates that passed the gate.
    """
    one = shown.set_index("suggestions").loc[FIRST[0]]
    if winner(judged) == BY_OWN:
        words = _(
            "Suggesting the category that goes best with what a customer already buys hits {hit} ({interval}), a "
            "random one {random}. The most popular one that the customer lacks hits {other}. The difference is sure "
            "with {better} suggested, so what the customer buys is used."
        )
        return words.format(**_rates(one, "hit", "popular"), better=_counts(judged.better))
    words = _(
        "Suggesting the most popular category that a customer lacks hits {hit} ({interval}), a random one {random}. "
        "Going by what the customer already buys {why} ({other}), so popularity is used."
    )
    return words.format(**_rates(one, "popular", "hit"), why=_why_popularity(judged, one))


def _rates(one: pd.Series, used: str, other: str) -> dict[str, str]:
    low, high = (formats.share(one[f"{used}_{end}"], decimals=0) for end in ("low", "high"))
    return {
        "hit": share(one[used]),
        "interval": _("{low} to {high}").format(low=low, high=high),
        "random": share(one["random"]),
        "other": share(one[other]),
    }


def _why_popularity(judged: NextCategory, one: pd.Series) -> str:
    """Say how going by what the customer has falls short of popularity, the simpler of the two."""
    if judged.worse and judged.better:
        return _("hits more often with {better} suggested and less often with {worse}").format(
            better=_counts(judged.better), worse=_counts(judged.worse)
        )
    if judged.worse:
        return _("hits less often with {worse} suggested").format(worse=_counts(judged.worse))
    return _("is not surely better") if one["gain"] > 0 else _("is no better")


def _counts(numbers: list[int]) -> str:
    return listed([formats.count(n) for n in numbers])
