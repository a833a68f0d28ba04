"""Commands for whoever has the key: who asks and when, the series held, failures as exit codes."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crmlib.params import ParameterError, Parameters, load_parameters
from crmlib.privacy.sealed_files import SUFFIX
from crmlib.running.at_rest import opened
from crmlib.running.holding import held
from crmlib.running.manifest import now
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import Places

if TYPE_CHECKING:
    from crmlib.prep.persons.forgetting import Forgotten
    from crmlib.prep.persons.revealing import Revealed


def reveal(file: Path, params_file: Path | None, out: Path | None) -> "Revealed":
    """Reveal a list; the parameters are those of the list's run where none are given.

    Raises
    ------
    RunFailureError
        If the key is missing, or the list is of another series or none.
    """
    from crmlib.prep.persons.revealing import reveal_list

    with failures_told():
        file = file if file.exists() else file.with_name(file.name + SUFFIX)
        run_dir = file.resolve().parent.parent
        own = run_dir / "parameters.json"
        params = load_parameters(own if params_file is None and own.exists() else _given(params_file, file))
        if own.exists():
            series = load_parameters(own).series
            if series != params.series:
                raise ParameterError(f"{file.name} is a list of the series {series}, not of {params.series}")
        places = _places(params, run_dir.parent.parent.parent if own.exists() and out is None else out)
        with held(places):
            return reveal_list(file, params, places.work, who=_user(), at=now())


def forget(told: str, params_file: Path, out: Path | None) -> list[str]:
    """Forget a person and say in lines what was erased.

    Raises
    ------
    RunFailureError
        If the key is missing, nobody or more than one is meant, or the search found something.
    """
    from crmlib.prep.persons.forgetting import forget as forget_person

    with failures_told():
        params = load_parameters(params_file)
        places = _places(params, out)
        with held(places), opened(params, places, lists=True):
            done = forget_person(told, params, places.work, places.reports, who=_user(), at=now())
    if done.left:
        names = [str(each) for each in done.left]
        raise RunFailureError(
            Outcome.REPORT_REFUSED, "erased, but the search still finds the person, or cannot look, in:", *names
        )
    return list(describe(done, places.work))


def back_up_series(params_file: Path, file: Path, out: Path | None) -> list[str]:
    """Write a backup of a series and say in lines what it holds.

    Raises
    ------
    RunFailureError
        If the key is missing, or there is nothing to keep.
    """
    from crmlib.running.backup import back_up

    with failures_told():
        params = load_parameters(params_file)
        places = _places(params, out)
        with held(places):
            done = back_up(params, places, file, now())
    size = f"{file.stat().st_size:,}"
    return [f"{file}: {len(done.files)} files of {done.series}, {size} bytes, encrypted, and read back without a fault"]


def restore_series(params_file: Path, file: Path, out: Path | None) -> list[str]:
    """Restore a series from a backup and say in lines what became of what was there.

    Raises
    ------
    RunFailureError
        If the backup cannot be used; nothing was replaced then.
    """
    from crmlib.running.backup import restore

    with failures_told():
        params = load_parameters(params_file)
        places = _places(params, out)
        with held(places):
            done, replaced = restore(params, places, file, now())
    lines = [f"restored {len(done.files)} files of {done.series} from {file.name}, made {done.made}"]
    return lines if replaced is None else [*lines, f"what was there is kept in {replaced}; remove it when all is well"]


def describe(done: "Forgotten", work: Path) -> Iterator[str]:
    """Say what was erased, and what is not ours to erase."""
    yield f"erased from the identity map: {done.numbers} customer numbers of one person"
    for each in done.changes:
        place = each.file.relative_to(work)
        yield f"  {place}: {each.removed} rows removed, {each.changed} left without the person"
    yield f"searched {done.searched} files of {work.name}: nothing is left"
    yield "the delivered files are the source's to correct; their next delivery of this person stays anonymous"


@contextmanager
def failures_told() -> Iterator[None]:
    """Turn what is wrong with the parameters or the data into an exit code."""
    from crmlib.prep.errors import InputRejectedError

    try:
        yield
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *str(error).splitlines()) from error
    except InputRejectedError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, *str(error).splitlines()) from error


def _user() -> str:
    """Name who asks, by number where the system has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}"


def _given(params_file: Path | None, file: Path) -> Path:
    if params_file is None:
        raise ParameterError(f"{file.name} does not stand in the folder of a run; give --params")
    return params_file


def _places(params: Parameters, out: Path | None) -> Places:
    """Find the folders of a series, whatever the period."""
    home = params.home if out is None else out.resolve()
    return Places(home / "reports" / params.series, home / "work" / params.series, "")
