"""What chapters record for others: headline numbers, gated at once, and cautions that the manifest repeats."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from crmlib.privacy.disclosure import DisclosureRules
from crmlib.privacy.proportions import disclosed
from crmlib.stats import Estimate

Number = Decimal | int | float


@dataclass(frozen=True, slots=True)
class Result:
    """One headline number as a page and ``results.json`` may show it.

    Attributes
    ----------
    value, low, high
        The number and its 95 % interval; ``None`` where not observed or hidden by the gate.
    n
        What it rests on; a number of people is rounded as the gate asks.
    unit
        ``money``, ``people``, ``share``, ``points``, ``days``, ``number`` and the like.
    previous
        The same number for the last period, recomputed from today's data.
    hidden
        Whether the gate holds the number back.
    previous_n
        What an estimate of the last period rested on, rounded like ``n``.
    label
        Its name in the reader's words, the same on all pages.
    """

    chapter: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    unit: str
    definition: str
    period: str
    previous: float | None = None
    hidden: bool = False
    previous_n: int | None = None
    label: str = ""


def make_result(
    chapter: str,
    name: str,
    value: Estimate | Number | None,
    *,
    unit: str,
    definition: str,
    period: str,
    rules: DisclosureRules,
    people: int | None = None,
    previous: Estimate | Number | None = None,
    previous_people: int | None = None,
    label: str = "",
) -> Result:
    """Make a headline number pass the gate.

    Parameters
    ----------
    value
        An estimate, a number, or ``None`` for what was not observed. An estimated proportion of people is computed
        anew from rounded counts, interval and all, so that it does not give them away; see
        :func:`crmlib.privacy.proportions.disclosed`.
    unit
        ``people`` marks a count of people: it is rounded to the base.
    people
        The number of people the value is computed from; below the threshold the value is hidden. For an estimate
        without ``people`` its ``n`` is taken.
    previous
        The same for the last period.
    previous_people
        The number of people that `previous` is computed from, where it is not an estimate (whose `n` is taken): below
        the threshold it is hidden. Where nobody says, it stands and falls with `people`.
    label
        Its name in the reader's words; its `name`, spelt out, where not given.
    """
    n = value.n if isinstance(value, Estimate) else None
    shown = _shown(value, unit, rules)
    point = value.value if isinstance(value, Estimate) else value
    basis = people if people is not None else n
    if unit == "people" and point is not None:
        basis = min(int(point), basis if basis is not None else int(point))
    hidden = rules.hides(basis) or (shown is None and not _is_missing(point))
    low, high = (shown.low, shown.high) if isinstance(shown, Estimate) else (None, None)
    before = _previous(previous, unit, people_before(previous, people, previous_people), rules)
    return Result(
        chapter=chapter,
        name=name,
        value=None if hidden else _plain(shown.value if isinstance(shown, Estimate) else shown, unit, rules),
        low=None if hidden else _plain(low, unit, rules),
        high=None if hidden else _plain(high, unit, rules),
        n=None if basis is None else rules.rounded(basis),
        unit=unit,
        definition=definition,
        period=period,
        previous=before,
        hidden=hidden,
        previous_n=rules.rounded(previous.n) if isinstance(previous, Estimate) and before is not None else None,
        label=label or _spelt_out(name),
    )


def _spelt_out(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _shown(value: Estimate | Number | None, unit: str, rules: DisclosureRules) -> Estimate | Number | None:
    """Give a value as it may be written, `None` where it is not known or rests on too few people."""
    if isinstance(value, Estimate) and value.is_known:
        return disclosed(value, unit, rules)
    return None if isinstance(value, Estimate) else value


def people_before(previous: Estimate | Number | None, people: int | None, previous_people: int | None) -> int | None:
    """Give the number of people that the last period's number rests on: an estimate says it itself."""
    if previous_people is not None or isinstance(previous, Estimate):
        return previous_people
    return people


def _previous(value: Estimate | Number | None, unit: str, people: int | None, rules: DisclosureRules) -> float | None:
    if rules.hides(people):
        return None
    shown = _shown(value, unit, rules)
    point = shown.value if isinstance(shown, Estimate) else shown
    if point is not None and unit == "people" and point < rules.threshold:
        return None
    return _plain(point, unit, rules)


def _is_missing(value: Number | None) -> bool:
    return value is None or value != value  # noqa: PLR0124  (NaN is the only number unequal to itself)


def _plain(value: Number | None, unit: str, rules: DisclosureRules) -> float | None:
    """Give a JSON number of at most twelve digits: the last ones of a float differ between machines."""
    if value is None or _is_missing(value):
        return None
    if unit == "people":
        shown = rules.rounded(int(value))
        return None if shown is None else float(shown)
    return float(f"{float(value):.12g}")


def read_results(folder: Path, chapter: str | None = None) -> list[Result]:
    """Read the recorded results of one chapter or of all, sorted by chapter and name."""
    files = sorted(folder.glob("*.json")) if chapter is None else [folder / f"{chapter}.json"]
    rows = [row for file in files if file.exists() for row in json.loads(file.read_text(encoding="utf-8"))]
    results = (Result(**{"label": _spelt_out(row["name"])} | row) for row in rows)
    return sorted(results, key=lambda result: (result.chapter, result.name))


def add_result(folder: Path, result: Result) -> None:
    """Add a result to its chapter's file, in place of an earlier one of the same name."""
    others = [other for other in read_results(folder, result.chapter) if other.name != result.name]
    rows = sorted([*others, result], key=lambda row: row.name)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)
    (folder / f"{result.chapter}.json").write_text(text + "\n", encoding="utf-8")


def keep_cautions(folder: Path, chapter: str, sentences: Sequence[str]) -> None:
    """Keep what a reader must know of the data, as a chapter's page says it, in place of what was kept before."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(list(sentences), ensure_ascii=False, indent=1)
    (folder / f"{chapter}.json").write_text(text + "\n", encoding="utf-8")


def read_cautions(folder: Path) -> list[str]:
    """Read the cautions of all chapters, in the order of the chapters; none where no chapter left any."""
    return [
        sentence for file in sorted(folder.glob("*.json")) for sentence in json.loads(file.read_text(encoding="utf-8"))
    ]
