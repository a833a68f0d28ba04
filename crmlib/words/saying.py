"""Sentences with numbers in them: every number goes past the gate and into the form of its kind on the way."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, Protocol

from crmlib.privacy.proportions import disclosed
from crmlib.stats import Estimate
from crmlib.words import _, formats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crmlib.privacy.rules import DisclosureRules

WAYS: Final = frozenset({"", "point", "interval"})


class Say(Protocol):
    """Puts numbers into a sentence: `run.say`, or a `Speaker` where there is no run."""

    def __call__(self, sentence: str, **values: Any) -> str:
        """Fill the sentence; see `Speaker.say`."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts numbers into sentences under the rules of disclosure and in the currency of a report.

    Attributes
    ----------
    rules
        Threshold and base.
    currency
        ISO 4217 code of all money.
    """

    rules: DisclosureRules
    currency: str

    def say(self, sentence: str, values: Mapping[str, Any]) -> str:
        r"""Fill a sentence; a number stands as ``{name:kind}`` or ``{name:kind:way}``.

        Parameters
        ----------
        sentence
            The words, from the catalogue, with a kind for each number: ``people`` (rounded to the base, or "fewer than
            10"), ``count`` (of things: exact), ``money``, ``share`` with its decimals (``share``, ``share0``),
            ``points`` (of a score), ``gap`` (a difference of shares, in percentage points), ``days``, ``number`` with
            its digits (``number``, ``number2``), ``day``, ``month``, ``name`` (a code in words) and ``list``
            (one, two and three). Four more read better in a sentence: ``part`` (a share in whole per cent from ten up,
            in tenths below, its interval with the same decimals), ``change`` (a change in per cent with its sign, in as
            many digits or as asked: ``change0``), ``times`` (how many times as often: two digits) and
            ``span`` (two days). Text needs no kind.
        values
            Numbers, dates, texts, and estimates. Of an estimate whose `n` counts people nothing is told below the
            threshold, and a proportion of people is made of the rounded counts; its interval stands behind it, unless
            the way is ``point``; ``interval`` gives the two ends alone.

        Raises
        ------
        TypeError
            If a number, or anything that is not text, has no kind.
        ValueError
            If the kind or the way is unknown.

        Examples
        --------
        >>> from crmlib.privacy.rules import DisclosureRules
        >>> from crmlib.stats.intervals import proportion
        >>> speaker = Speaker(DisclosureRules(), "GBP")
        >>> speaker.say("{n:people} customers, {left:share0} of them left", {"n": 1361, "left": proportion(616, 1361)})
        '1,360 customers, 45\xa0% (43\xa0% to 48\xa0%) of them left'
        >>> speaker.say("{n:people} spent {sum:money} in {days:days}", {"n": 4, "sum": 12, "days": 60})
        'fewer than 10 spent £12.00 in 60\xa0days'
        """
        return _Sentence(self).vformat(sentence, (), values)

    def __call__(self, sentence: str, **values: Any) -> str:
        """Fill a sentence; see `say`."""
        return self.say(sentence, values)

    def written(self, value: Any, spec: str) -> str:
        """Give one value in the form of its kind, past the gate."""
        kind, _colon, way = spec.partition(":")
        name = kind.rstrip("0123456789")
        if way not in WAYS or name not in _KINDS:
            raise ValueError(f"no kind {spec!r}; there are {', '.join(sorted(_KINDS))}, then :point or :interval")
        digits = int(kind[len(name) :]) if kind != name else None
        if name == "part":
            point = value.value if isinstance(value, Estimate) else value
            name, digits = "share", int(not formats.is_missing(point) and abs(point) < 0.0995)
        if isinstance(value, Estimate):
            return self._estimate(value, name, digits, way)
        if name == "people":
            return self._people(value)
        return self._plain(value, name, digits)

    def _people(self, value: Any) -> str:
        if formats.is_missing(value):
            return formats.not_observed()
        shown = self.rules.rounded(float(value))
        return _("fewer than {n}").format(n=self.rules.threshold) if shown is None else formats.count(shown)

    def _estimate(self, value: Estimate, name: str, digits: int | None, way: str) -> str:
        if not value.is_known:
            return formats.not_observed()
        shown = disclosed(value, "share" if name in {"gap", "change"} else name, self.rules)
        if shown is None:
            return _("too few to show")
        point = self._plain(shown.value, name, digits)
        if way == "point" or not shown.has_interval:
            return point
        low, high = (self._plain(end, name, digits) for end in (shown.low, shown.high))
        interval = _("{low} to {high}").format(low=low, high=high)
        return interval if way == "interval" else _("{value} ({interval})").format(value=point, interval=interval)

    def _plain(self, value: Any, name: str, digits: int | None) -> str:
        if name in _SENTENCE:
            return _SENTENCE[name](value)
        if name in {"gap", "change"}:
            return _in_per_cent(value, name, digits)
        if digits is None:
            return formats.shown_as(value, name, self.currency)
        if formats.is_missing(value):
            return formats.not_observed()
        if name == "money":
            return formats.money(value, self.currency, decimals=digits)
        return formats.share(value, decimals=digits) if name == "share" else formats.fixed(value, digits)


_KINDS: Final = frozenset({
    "people", "count", "money", "share", "part", "change", "points", "gap", "days", "number", "times", "day",
    "span", "month", "name", "text", "list",
})  # fmt: skip


def _in_per_cent(value: Any, name: str, digits: int | None) -> str:
    """Write a gap or a change in as many digits as it needs; what is written as ten per cent has no tenths."""
    if formats.is_missing(value):
        return formats.not_observed()
    if name == "gap":
        return formats.fixed(100 * value, 1 if digits is None else digits)
    written = formats.share(value, decimals=(0 if abs(value) >= 0.0995 else 1) if digits is None else digits)
    return f"+{written}" if name == "change" and value > 0 and written.strip("0.,%" + formats.NBSP) else written


class _Sentence(Formatter):
    """Python's own formatting with our kinds for its format specifications; nothing inside a value is reached."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return self.get_value(field_name, args, kwargs), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec:
            return self._speaker.written(value, format_spec)
        if not isinstance(value, str):
            raise TypeError(f"{value!r} needs its kind in the sentence, such as {{name:people}} or {{name:share}}")
        return value


def listed(names: Sequence[str]) -> str:
    """Join names as a reader would: one, two and three."""
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}").format(first=", ".join(names[:-1]), last=names[-1])


def sentence_start(words: str) -> str:
    """Begin a sentence with words that begin small elsewhere."""
    return words[:1].upper() + words[1:]


_SENTENCE: Final[Mapping[str, Callable[[Any], str]]] = {
    "list": listed,
    "span": lambda days: formats.span(*days),
    "times": lambda factor: formats.number(factor, digits=2),
}
"""Kinds that stand in sentences only."""
