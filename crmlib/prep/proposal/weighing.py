"""What each possible answer makes of the revenue, computed as a run would."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crmlib.params import ParameterError
from crmlib.params.questions import extended
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.proposal.readings import Option, Reading
from crmlib.prep.proposal.trying import Trial
from crmlib.words import _, plural


def weigh_options(trial: Trial, reading: Reading) -> None:
    """Say of each answer what it makes of the last month's revenue."""
    reading.asked[:] = [
        replace(each, options=tuple(replace(option, gives=_gives(trial, reading, option)) for option in each.options))
        for each in reading.asked
    ]


def _gives(trial: Trial, reading: Reading, option: Option) -> str:
    try:
        outcome = trial.outcome(with_option(reading.source, option))
    except (ParameterError, InputRejectedError, ValueError):
        return _("cannot be tried on these files")
    if outcome.month is None:
        return _("no clean line")
    said = [_("{month}: {money:,.2f}").format(month=f"{outcome.month:%Y-%m}", money=outcome.month_money)]
    if outcome.month_orders:
        said.append(plural("of {n:,} order", "of {n:,} orders", outcome.month_orders).format(n=outcome.month_orders))
    if outcome.money != outcome.month_money:
        said.append(_("(in all {all:,.2f})").format(all=outcome.money))
    return " ".join(said)


def with_option(source: Mapping[str, Any], option: Option) -> dict[str, Any]:
    """Set what an option sets in the keys of a source."""
    changed = {**source, "columns": dict(source["columns"])}
    for key, each in option.sets.items():
        value = [str(path) for path in each] if key == "path" else each
        target, name = (
            (changed["columns"], key.removeprefix("columns.")) if key.startswith("columns.") else (changed, key)
        )
        if value is None:
            target.pop(name, None)
        else:
            target[name] = extended(target.get(name), value)
    return changed
