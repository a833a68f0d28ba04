"""What deliveries must hold: which values can be true, and what happens to files that cannot be read to their end."""

from typing import Literal, Self

from pydantic import Field, model_validator

from crmlib.params.errors import did_you_mean
from crmlib.params.section import Section
from crmlib.tables import TABLES
from crmlib.tables.vocabulary import SCORE_PREFIX

Range = tuple[float | None, float | None]


class ContractRules(Section):
    """The part of the cleaning rules that files and values are held against."""

    broken_files: Literal["stop", "quarantine"] = Field(
        default="stop",
        description=(
            "a file that is empty, cannot be read, is cut off or changes its columns half-way: stops the run, or all "
            "of its lines are set aside"
        ),
    )
    ranges: dict[str, Range] = Field(
        default={},
        description=(
            "least and most possible value of a column, null for none, such as quantity: [-10000, 10000]; a line "
            "outside breaks the rule outside_<column> (warn where cleaning.severity does not say otherwise)"
        ),
    )

    @model_validator(mode="after")
    def _possible_ranges(self) -> Self:
        known = {each.name for table in TABLES.values() for each in table.delivered if each.kind in _MEASURED}
        for name, (least, most) in self.ranges.items():
            if name not in known and not name.startswith(SCORE_PREFIX):
                raise ValueError(f"ranges: no table has a number {name!r}. {did_you_mean(name, known)}")
            if least is not None and most is not None and least > most:
                raise ValueError(f"ranges: {name} cannot be at least {least:g} and at most {most:g}")
        return self


_MEASURED = ("money", "number", "integer")
