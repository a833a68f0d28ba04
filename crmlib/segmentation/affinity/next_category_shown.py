"""The next category for a customer, as the page shows it: how often suggestions hit, beside the most popular ones."""

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, formats, insufficient, note, show_all, table
from crmlib.segmentation.affinity.next_category import NextCategory
from crmlib.segmentation.affinity.suggestions import BY_OWN, BY_POPULARITY, winner
from crmlib.segmentation.wording import listed, people
from crmlib.words import _
from crmlib.workspace import Run

MEASURES = ("hit", "hit_low", "hit_high", "popular", "popular_low", "popular_high", "gain", "gain_low", "gain_high")


def show_next_category(judged: NextCategory, run: Run) -> Shown:
    """Show the hit rates with one, three and five suggestions, and whether they beat popularity.

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
    rates = judged.rates.assign(customers=judged.customers)
    run.write("next_category_hits", judged.rates, by=["suggestions"])
    gains = [name for name in MEASURES if name.startswith("gain")]
    rates[gains] *= 100
    data = disclose(
        rates[["suggestions", *MEASURES, "random", "customers"]],
        labels=["suggestions"],
        based_on="customers",
        measures=[*MEASURES, "random"],
        rules=run.rules,
    )
    columns = {
        "suggestions": Shows(_("Categories suggested"), "count"),
        "hit": Shows(_("One was bought: by what the customer has"), "share", "hit_low", "hit_high", decimals=0),
        "popular": Shows(_("One was bought: the most popular"), "share", "popular_low", "popular_high", decimals=0),
        "random": Shows(_("Drawn at random"), "share", decimals=0),
        "gain": Shows(_("Difference of the first two"), "points", "gain_low", "gain_high", decimals=1),
    }
    caption = _("Suggested categories, judged on {people} who then bought from one new to them").format(
        people=people(run, judged.customers)
    )
    return show_all(note(verdict(judged), handed_on(judged)), table(data, caption, columns, note=_limits()))


def verdict(judged: NextCategory) -> str:
    """Say in a sentence whether suggestions by what customers have beat the most popular categories."""
    if not judged.better and not judged.worse:
        return _(
            "For the next category, what a customer already buys and popularity cannot be told apart by how often they "
            "hit."
        )
    parts = []
    if judged.better:
        parts.append(
            _("what a customer already buys hits more often than popularity (categories suggested: {n})").format(
                n=_counts(judged.better)
            )
        )
    if judged.worse:
        parts.append(
            _(
                "the most popular ones that a customer lacks hit more often than what the customer already buys would "
                "say (categories suggested: {n})"
            ).format(n=_counts(judged.worse))
        )
    return _("For the next category, {parts}.").format(parts="; ".join(parts))


def handed_on(judged: NextCategory) -> str:
    """Say by which method the table of suggestions is made."""
    method = {
        BY_OWN: _("by what the customer already buys"),
        BY_POPULARITY: _("by popularity among those that the customer lacks"),
    }[winner(judged)]
    return _("The table of suggestions for each customer is made {method}.").format(method=method)


def _counts(numbers: list[int]) -> str:
    return listed([formats.count(n) for n in numbers])


def _limits() -> str:
    return _(
        "A difference is said where its p-value, adjusted for the three numbers of suggestions (Holm), is below 0.05. "
        "Intervals are of 95 % each."
    )
