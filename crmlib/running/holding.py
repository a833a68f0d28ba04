"""One run at a time, its log kept, its failure noted, and nothing left of what was landed."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crmlib.running.inputs import changed_inputs
from crmlib.running.manifest import Record
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import CHECK_PREFIX, LANDED, Places
from crmlib.running.trouble import refused
from crmlib.running.writing import private_folder, write_json
from crmlib.words import _

_log = logging.getLogger("crmlib.running")


@contextmanager
def held(places: Places) -> Iterator[None]:
    """Hold the series for this run alone, and remove what earlier runs that were killed have landed.

    Raises
    ------
    RunFailureError
        With ``HELD`` if another run has it.
    """
    from filelock import FileLock, Timeout

    private_folder(places.work)
    lock = FileLock(places.lock)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise RunFailureError(
            Outcome.HELD, f"another run holds the series {places.work.name}; try again when it has ended"
        ) from None
    try:
        _remove_landed(places.work)
        yield
    finally:
        lock.release()


def _remove_landed(work: Path) -> None:
    """Remove raw names, phones and addresses that nobody reads any more."""
    for folder in (*work.glob(f"*/{LANDED}*"), *work.glob(f"scratch/*/{LANDED}*")):
        shutil.rmtree(folder)
    remove_checks(work)


def remove_checks(work: Path) -> None:
    """Remove what checks that were killed have left.

    A check holds a lock in its folder as long as it lives; the system lets go of it when the process dies.
    """
    from filelock import FileLock, Timeout

    for left in work.glob(f"{CHECK_PREFIX}*"):
        with suppress(Timeout), FileLock(left / "lock", blocking=False):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def kept_log(folder: Path) -> Iterator[None]:
    """Keep what is logged of a period, times included, in its private folder."""
    handler = logging.FileHandler(folder / "log.txt", mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(lambda said: getattr(said, "period", folder.name) == folder.name)
    logger = logging.getLogger("crmlib")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def everything_logged() -> Iterator[None]:
    """Let logs tell what goes well, too."""
    logger = logging.getLogger("crmlib")
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def failures_noted(record: Record, file: Path) -> Iterator[None]:
    """Keep a failed run's record, nothing of what was landed; an interruption is a failure."""
    try:
        yield
    except RunFailureError as failure:
        _note(record, file, failure)
        raise
    except KeyboardInterrupt:
        interrupted = RunFailureError(Outcome.STOPPED, "interrupted; nothing was published")
        _note(record, file, interrupted)
        raise interrupted from None
    except GeneratorExit:
        _note(record, file, RunFailureError(Outcome.STOPPED, "given up before its turn came; nothing was published"))
        raise
    except OSError as error:
        stopped = refused(error)
        _note(record, file, stopped)
        raise stopped from error
    except Exception as error:
        _note(record, file, RunFailureError(Outcome.NOTEBOOK_FAILED, f"{type(error).__name__} in the command itself"))
        raise
    finally:
        for folder in file.parent.glob(f"{LANDED}*"):  # a preparation that was killed could not
            shutil.rmtree(folder, ignore_errors=True)


def _note(record: Record, file: Path, failure: RunFailureError) -> None:
    """Keep the failure where the disk still takes it; the failure itself counts for more than its record."""
    _log.error("failed: %s", "; ".join(failure.lines), extra={"period": record.period})
    manifest = record.as_manifest("failed", exit_code=int(failure.outcome), failure=list(failure.lines))
    with suppress(OSError):
        write_json(file, manifest)


@contextmanager
def inputs_watched(record: Record) -> Iterator[None]:
    """Refuse a report whose files changed while they were read, and blame them for what failed meanwhile.

    Raises
    ------
    RunFailureError
        With ``INPUT_REJECTED``, naming the files.
    """
    try:
        yield
    except RunFailureError as failure:
        if failure.outcome in {Outcome.NOTEBOOK_FAILED, Outcome.INPUT_REJECTED}:
            refuse_changed(record, failure)
        raise


def refuse_changed(record: Record, cause: RunFailureError | None = None) -> None:
    """Refuse a report of files that are no longer what the record says; raises as `inputs_watched` does."""
    changed = changed_inputs(record.inputs, record.params.root)
    if changed:
        raise RunFailureError(
            Outcome.INPUT_REJECTED,
            _("changed while it was read: {files}").format(files=", ".join(changed[:3])),
            _("deliver the files whole (write aside, then rename), then run again"),
        ) from cause
