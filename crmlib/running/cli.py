"""``crm``: the command line of the workbook; the commands stand in :mod:`crmlib.running.commands`."""

import signal
import sys
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any, NoReturn

import typer

from crmlib.running.commands.backup import backup, restore
from crmlib.running.commands.check import check
from crmlib.running.commands.demo import demo
from crmlib.running.commands.forget import forget
from crmlib.running.commands.init import init
from crmlib.running.commands.print_pdf import print_
from crmlib.running.commands.reveal import reveal
from crmlib.running.commands.run import run
from crmlib.running.commands.status import status
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.trouble import refused

app = typer.Typer(
    name="crm",
    help="A retailer's customers, every month: who they are, what they are worth, who leaves, what to do about it.",
    epilog="Exit codes: 0 published, 2 bad parameters, 3 input rejected, 4 a notebook failed, 5 timed out or killed, "
    "6 the report failed its own checks, 7 a question is open, 8 the disk refused, 69 no browser to print with, "
    "75 another run holds the series.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _stoppable(command: Callable[..., None]) -> Callable[..., None]:
    """Let an interruption end as ours, not as the command-line library's."""

    @wraps(command)
    def called(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            raise RunFailureError(Outcome.STOPPED, "interrupted") from None

    return called


for command in (run, print_, init, check, status, demo, reveal, forget, backup, restore):
    app.command(command.__name__.rstrip("_"))(_stoppable(command))


def main() -> NoReturn:
    """Run a command; a failure is told in a few lines on standard error and by the exit code."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        app(standalone_mode=True)
    except RunFailureError as failure:
        _fail(failure)
    except OSError as error:
        _fail(refused(error))
    sys.exit(0)


def _fail(failure: RunFailureError) -> NoReturn:
    typer.echo("\n".join(failure.lines), err=True)
    sys.exit(int(failure.outcome))


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Treat the end that a scheduler asks for as Ctrl-C: children are ended, the record is kept."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
