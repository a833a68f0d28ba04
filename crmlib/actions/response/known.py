"""What is known when: a model of who responds learns from nothing that is known only at the contact or after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

When = Literal["before", "at", "after"]

_WHEN: Final = {"at": "only at the contact itself", "after": "only after the contact"}


class KnownTooLateError(ValueError):
    """A model was given a column that is not known before the contact, or of which nobody says since when it is."""


@dataclass(frozen=True, slots=True)
class Since:
    """Since when a column is known, relative to the contact; what is known too late says why."""

    when: When
    why: str = ""


BEFORE: Final = Since("before")


def known_before(columns: pd.DataFrame, since: Mapping[str, Since]) -> pd.DataFrame:
    """Let columns through that are all known before the contact; refuse any other by its name, and say why.

    Parameters
    ----------
    columns
        What a model is to learn from, one row a contact.
    since
        Of every column, since when it is known.

    Raises
    ------
    KnownTooLateError
        If a column is known only at the contact or after it, or is not declared.

    Examples
    --------
    >>> import pandas as pd
    >>> call = pd.DataFrame({"age": [41], "duration": [312]})
    >>> declared = {"age": BEFORE, "duration": Since("after", "how long a call took is known when it is over")}
    >>> known_before(call[["age"]], declared).columns.to_list()
    ['age']
    >>> known_before(call, declared)
    Traceback (most recent call last):
    crmlib.actions.response.known.KnownTooLateError: duration is known only after the contact: how long a call took is \
known when it is over. What learns from it is told the answer: leave it out.
    """
    undeclared = [name for name in columns if name not in since]
    if undeclared:
        raise KnownTooLateError(
            f"nobody says since when {', '.join(undeclared)} is known: declare it as known before, at or after the "
            "contact."
        )
    for name in columns:
        known = since[name]
        if known.when != "before":
            raise KnownTooLateError(
                f"{name} is known {_WHEN[known.when]}: {known.why}. What learns from it is told the answer: leave it "
                "out."
            )
    return columns
