"""What was read out of a delivery of order lines: columns and settings with their reasons, and what must be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Any

from crmlib.params.questions import Decides


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer."""

    name: str
    means: str
    sets: Mapping[str, Any] = field(default_factory=dict)  # keys such as ``columns.amount``; ``None`` takes one away
    gives: str = ""  # what it makes of the figures


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the data raise and do not answer; its first option is what the file says while it is open."""

    code: str
    decides: Decides
    asks: str
    options: tuple[Option, ...]


@dataclass(slots=True)
class Reading:
    """A reading under way: each step that knows more adds to it."""

    # canonical column: raw column, or several that are joined
    columns: dict[str, str | list[str]] = field(default_factory=dict)
    # further keys of the source, such as ``where`` and ``latest``
    settings: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)  # the reason of each, by canonical column or key
    asked: list[Asked] = field(default_factory=list)  # questions left open
    # what could not be told and is not asked, by canonical column
    doubts: dict[str, str] = field(default_factory=dict)

    def map(self, canonical: str, raw: str | list[str], why: str = "") -> None:
        """Map a column, whatever the header said of it; no two canonical columns share one raw column."""
        for other in [name for name, taken in self.columns.items() if taken == raw]:
            self.unmap(other)
        self.columns[canonical] = raw
        self.why[canonical] = why

    @property
    def plain(self) -> dict[str, str]:
        """The mapping, but for what is joined of several raw columns."""
        return {name: raw for name, raw in self.columns.items() if isinstance(raw, str)}

    @property
    def source(self) -> dict[str, Any]:
        """The keys of a source that this reading sets."""
        return {"columns": dict(self.columns), **self.settings}

    @property
    def taken(self) -> set[str]:
        """The raw columns that are mapped."""
        return {raw for raws in self.columns.values() for raw in (raws if isinstance(raws, list) else [raws])}

    def ask(self, question: Asked) -> None:
        """Ask; a second question of the same kind has a letter behind its name."""
        taken = {question.code for question in self.asked}
        names = (question.code, *(f"{question.code}_{letter}" for letter in ascii_lowercase[1:]))
        name = next(name for name in names if name not in taken)
        self.asked.append(replace(question, code=name))

    def let_count(self, column: str, condition: Mapping[str, Any], why: str) -> None:
        """Let only rows count that meet a condition, too."""
        reasons = filter(None, [self.why.get("where", ""), why])
        self.set("where", self.settings.get("where", {}) | {column: condition}, "; ".join(reasons))

    def unmap(self, canonical: str) -> None:
        """Take a column's mapping away."""
        self.columns.pop(canonical, None)
        self.why.pop(canonical, None)

    def set(self, key: str, value: Any, why: str) -> None:
        """Set a key of the source."""
        self.settings[key] = value
        self.why[key] = why
