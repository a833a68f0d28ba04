"""What a series keeps is encrypted while nobody works with it, where its parameters ask for that."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from crmlib.params import ParameterError, Parameters
from crmlib.privacy.sealed_files import SUFFIX, keys_of, seal_file, unseal_file
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import Places

REVEALED = ".revealed.csv"


@contextmanager
def opened(params: Parameters, places: Places, *, lists: bool = False) -> Iterator[None]:
    """Decrypt the state, and the lists where they are asked for; encrypt state and lists however the block ends.

    The key stays with this process: chapters after the first never have it. What a process that was killed has left in
    plain is encrypted at the end of the next one.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` if there is no key, or it opens nothing.
    """
    sealed = [*_sealed(_state(places)), *(_sealed(_lists(places)) if lists else ())]
    if not sealed and not params.privacy.encrypt:
        yield
        return
    try:
        keys = keys_of(params)
        for file in sealed:
            unseal_file(file, keys, params.series)
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *str(error).splitlines()) from error
    try:
        yield
    finally:
        for file in chain(_state(places), _lists(places)) if params.privacy.encrypt else ():
            if file.suffix != SUFFIX and not file.name.endswith(REVEALED):
                seal_file(file, keys[0], params.series)


def _sealed(files: Iterator[Path]) -> list[Path]:
    return [file for file in files if file.suffix == SUFFIX]


def _state(places: Places) -> Iterator[Path]:
    """List the files of the state but for the map and its log, which are locked by themselves."""
    state = places.work / "state"
    files = sorted(state.rglob("*")) if state.is_dir() else ()
    return (file for file in files if file.is_file() and file.parent != state / "identity")


def _lists(places: Places) -> Iterator[Path]:
    """List the lists of all periods and experiments; those with contacts were made to be read."""
    return (file for file in sorted(places.work.glob("**/lists/*")) if file.is_file())
