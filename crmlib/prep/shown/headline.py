"""The headline strip of chapter 01, recorded for `results.json`."""

from crmlib.prep.profile import customers_known
from crmlib.prep.verdict import Fitness, Quality, fitness, reservations
from crmlib.reporting import Indicator, Shown, strip
from crmlib.words import _
from crmlib.workspace import Run

_GRADES: dict[Fitness, int] = {"fit": 2, "reservations": 1, "unfit": 0}


def headline_strip(quality: Quality, run: Run) -> Shown:
    """Show and record the headline numbers of the data, and what the manifest must warn of."""
    before = run.table("transactions")
    now, then = customers_known(before, run.as_of), customers_known(before, run.previous_as_of)
    # where no line lies before, there is no month before to compare with
    lines, revenue = (then[name] if then["lines"] else None for name in ("lines", "revenue"))
    rows = [
        ("lines_seen", _("Order lines seen"), int(now["lines"]), lines, "count",
         _("clean order lines before the end of the period")),
        ("money_seen", _("Money seen"), now["revenue"], revenue, "money",
         _("money of those lines, returns taken off")),
        ("lines_set_aside", _("Set aside"), quality.set_aside, None, "share",
         _("share of delivered order lines in quarantine, all dates")),
        ("lines_with_customer", _("With a customer"), _over(now["known"], now["lines"]),
         _over(then["known"], then["lines"]), "share", _("share of the lines seen that carry a customer number")),
    ]  # fmt: skip
    for name, _label, value, previous, unit, definition in rows:
        run.record("01_data_prep", name, value, unit=unit, definition=definition, previous=previous)
    grade = _("2 fit for use, 1 with reservations, 0 not")
    run.caution("01_data_prep", reservations(quality))
    run.record("01_data_prep", "fit_for_use", _GRADES[fitness(quality)], unit="number", definition=grade)
    return strip(
        [Indicator(label, value, unit, previous, definition=text) for _n, label, value, previous, unit, text in rows],
        run,
    )


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole else None
