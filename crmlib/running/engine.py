"""papermill's engine on a kernel of ours, with a word before each cell and the origin of an error."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any, Final

from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from crmlib.running.processes import START_SECONDS

NAME: Final = "crm"

_ORIGIN: Final = """(lambda error, walk: {
    "lineage": [f"{each.__module__}.{each.__qualname__}" for each in type(error).__mro__],
    "errno": getattr(error, "errno", None), "filename": str(getattr(error, "filename", None) or ""),
    "raised_in": ([frame.f_globals.get("__name__", "") for frame, _ in walk(error.__traceback__)] or [""])[-1]
})(__import__("sys").last_value, __import__("traceback").walk_tb)"""


@dataclass(slots=True)
class Execution:
    """What is left of an execution when papermill has done or given up.

    Attributes
    ----------
    notebook
        The notebook as far as it was executed, before papermill adds its marks of failure.
    kernel_died
        Whether the kernel went away under a cell.
    origin
        Of an exception in a cell: ``lineage`` (its classes, itself first), ``raised_in`` (the module), and where the
        system refused something its ``errno`` and ``filename``.
    """

    notebook: Any = None
    kernel_died: bool = False
    origin: dict[str, Any] = field(default_factory=dict)


class _Client(PapermillNotebookClient):  # type: ignore[misc]  # papermill is untyped
    """papermill's client that asks the kernel where an exception came from before it is gone."""

    def __init__(self, *args: Any, execution: Execution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execution = execution

    def papermill_execute_cells(self) -> None:
        super().papermill_execute_cells()
        if any(cell.metadata.papermill["exception"] for cell in self.nb.cells):
            self.execution.origin = self._ask_origin()

    def _ask_origin(self) -> dict[str, Any]:
        """Evaluate the origin in the kernel; nothing if it cannot say (SystemExit keeps no last value)."""
        import ast

        ask = run_sync(self.kc.get_shell_msg)
        for _ in range(3):  # a kernel that has just failed may abort what follows closely
            sent = self.kc.execute("", silent=True, store_history=False, user_expressions={"origin": _ORIGIN})
            try:
                reply = ask(timeout=10)
                while reply["parent_header"].get("msg_id") != sent:
                    reply = ask(timeout=10)
            except Empty:
                return {}
            if reply["content"]["status"] == "ok":
                told = reply["content"]["user_expressions"]["origin"]
                return dict(ast.literal_eval(told["data"]["text/plain"])) if told["status"] == "ok" else {}
        return {}


class OwnKernelEngine(NBClientEngine):  # type: ignore[misc]  # papermill is untyped
    """Executes on a kernel given as ``km``; whatever happens, what was executed is kept."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        km: Any,
        execution: Execution,
        on_cell: Callable[[int], None],
        **_unused: Any,
    ) -> None:
        """Run all cells and keep the notebook and the death of a kernel in ``execution``."""
        client = _Client(
            nb_man,
            km=km,
            execution=execution,
            kernel_name=kernel_name,
            startup_timeout=START_SECONDS,
            iopub_timeout=60,
            record_timing=False,
            on_cell_start=lambda cell, cell_index: on_cell(cell_index),  # noqa: ARG005  (nbclient's names)
        )
        try:
            client.execute()
        except DeadKernelError:
            execution.kernel_died = True
        finally:
            execution.notebook = copy.deepcopy(nb_man.nb)


papermill_engines.register(NAME, OwnKernelEngine)
