"""The recorded results as the summary reads them: by chapter and name, in words, beside the period before."""

from collections.abc import Iterable

from crmlib.reporting import changes
from crmlib.results import Result
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run


class Findings:
    """The recorded results, looked up by chapter and name; what is missing or hidden reads as ``None``."""

    def __init__(self, results: Iterable[Result], run: Run) -> None:
        self._results = {(result.chapter, result.name): result for result in results}
        self._run, self.say = run, run.say
        self.asked = run.has("surveys")

    def get(self, chapter: str, name: str) -> Result | None:
        """Give a result that has a value, or ``None``."""
        found = self._results.get((chapter, name))
        return found if found is not None and found.value is not None else None

    def words(self, chapter: str, name: str, words: str) -> str:
        """Fill a result's ``{value}`` and ``{change}`` into words; nothing where it has no value."""
        result = self.get(chapter, name)
        if result is None:
            return ""
        return words.format(value=written(result, self._run), change=self.change(result), period=self._run.period_label)

    def change(self, result: Result) -> str:
        """Say how a value moved since the period before; nothing where that is not known."""
        if result.previous is None or result.value is None:
            return ""
        if not changes.is_clear(value_of(result), result.previous):
            return ", " + changes.unclear(self._run)
        size = changes.size(result.value, result.previous, result.unit, self._run.params.currency, self._unsure(result))
        if not size:
            return ""
        way = _("up {size}") if result.value > result.previous else _("down {size}")
        return ", " + changes.beside(way.format(size=size) if changes.can_be_seen(size) else "", self._run)

    def _unsure(self, result: Result) -> float:
        """Say how far the change of a share of people may be off, since they were rounded."""
        if result.unit != "share" or result.value is None or result.previous is None or result.previous_n is None:
            return 0.0
        return changes.rounding((result.value, result.n), (result.previous, result.previous_n), run=self._run)


def value_of(result: Result) -> Estimate | float | None:
    """Give a recorded value with its interval, where it has one."""
    if result.value is None or result.low is None or result.high is None or result.n is None:
        return result.value
    return Estimate(result.value, result.low, result.high, result.n)


def value_before(result: Result) -> Estimate | float | None:
    """Give the last period's number, with the people it rested on where these are known."""
    if result.previous is None or result.previous_n is None:
        return result.previous
    return Estimate(result.previous, float("nan"), float("nan"), result.previous_n)


def written(result: Result, run: Run) -> str:
    """Write a recorded number; one that the gate held back says so."""
    if result.hidden:
        return _("too few people to show")
    return run.say(f"{{value:{result.unit}}}", value=value_of(result))
