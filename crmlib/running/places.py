"""Where a run's files stand: the shareable report, the private work, and what is between the two."""

from dataclasses import dataclass
from pathlib import Path

from crmlib.params import ParameterError, Parameters
from crmlib.workspace import period_of

WORK_FOLDERS = (
    "clean",
    "quarantine",
    "tables",
    "lists",
    "results",
    "cautions",
    "notebooks",
    "made_with",
    "models",
    "stage",
    "identity",
    "shared",
)
"""Emptied before a full run: a table left by an earlier run must not pass for one of this run.

``identity`` held the pseudonyms in plain before the identity map did.
"""

LANDED = "landed"
"""Where preparation keeps what it reads while it works, and how the folders begin into which the engine spills.

They are removed after a run that was killed, too.
"""

CHECK_PREFIX = ".check-"
"""How the folder of a check begins, in which it lands what it reads."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one period of one series.

    Attributes
    ----------
    reports
        ``reports/<series>``: front door and one folder a period; may be shared.
    work
        ``work/<series>``: state and one folder a period; private.
    period
        ``2026-10`` or a full date.
    """

    reports: Path
    work: Path
    period: str

    @classmethod
    def of(cls, params: Parameters, out: Path | None = None) -> "Places":
        """Find the places of a run.

        Parameters
        ----------
        params
            With ``as_of`` set.
        out
            The parent of ``reports/`` and ``work/``; that of ``params/`` where not given.

        Raises
        ------
        ParameterError
            If nobody said ``as_of``.
        """
        if params.as_of is None:
            raise ParameterError("as_of is missing. Add `as_of: 2026-11-01` to the file, or give --as-of or --month.")
        home = params.home if out is None else out.resolve()
        return cls(home / "reports" / params.series, home / "work" / params.series, period_of(params.as_of))

    @property
    def published(self) -> Path:
        """The published report of the period."""
        return self.reports / self.period

    @property
    def run(self) -> Path:
        """The private folder of the period's run."""
        return self.work / self.period

    @property
    def lock(self) -> Path:
        """Held by whoever runs the series."""
        return self.work / "lock"
