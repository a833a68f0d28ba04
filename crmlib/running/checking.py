"""``crm check``: prepare the data in a folder of its own, say what would come in and what is wrong, keep nothing."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crmlib.params import ParameterError
from crmlib.running.inputs import read_inputs
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import Places
from crmlib.running.run import Request, load_checked
from crmlib.running.writing import private_folder

if TYPE_CHECKING:
    from crmlib.prep import Preparation

MOST_PROBLEMS = 10
_SEVEREST_FIRST = ("stop", "quarantine", "merge", "warn")


def check_input(request: Request) -> list[str]:
    """Prepare the input of a series as a run would, and describe it in lines of text.

    Parameters, files, mapping, contracts and the reconciliation are those of a run; the tables go when it has ended.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` or ``INPUT_REJECTED`` where a run would end so.
    """
    from crmlib.prep import InputRejectedError, prepare
    from crmlib.workspace import open_run

    params = load_checked(request)
    work = private_folder(Places.of(params, request.out).work)
    try:
        read_inputs(params)
        with tempfile.TemporaryDirectory(prefix=".check-", dir=work) as folder:
            run = open_run(request.params_file, params.as_of, Path(folder) / "run", request.overrides)
            return list(describe(prepare(run)))
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *str(error).splitlines()) from error
    except InputRejectedError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, *str(error).splitlines()) from error


def describe(preparation: "Preparation") -> Iterator[str]:
    """Say table by table what came in, and then the first problems, the severest and most frequent first."""
    yield f"{'table':14}{'source':40}{'lines in':>12}{'clean':>12}{'set aside':>12}{'merged':>12}"
    for row in preparation.reconciliation.to_dict("records"):
        numbers = "".join(f"{row[name]:>12,}" for name in ("lines_in", "clean", "quarantined", "merged"))
        yield f"{row['table']:14}{row['source'][:38]:40}{numbers}"
    rules = preparation.rules.assign(rank=preparation.rules["severity"].map(_SEVEREST_FIRST.index))
    ordered = rules.sort_values(["rank", "lines"], ascending=[True, False], kind="stable")
    yield ""
    yield "nothing is wrong with it" if ordered.empty else "what is wrong with it:"
    for rule in ordered.head(MOST_PROBLEMS).to_dict("records"):
        yield f"  {rule['table']}: {rule['lines']:,} × {rule['meaning']} ({rule['severity']})"
    if len(ordered) > MOST_PROBLEMS:
        yield f"  and {len(ordered) - MOST_PROBLEMS} more"
