"""The child process of one notebook: starts a kernel, lets papermill execute, writes what came out.

It is told its job by one line of JSON on standard input and reports by lines of JSON on standard output. When its
standard input closes, its parent is gone, and it ends with its kernel. The wall-clock limit is the parent's affair: a
process cannot be trusted to stop itself. Nothing here judges the notebook.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmlib.running.asides import masked_aside
from crmlib.running.kernel import kernel_process_id, start_kernel, stop_kernel
from crmlib.running.processes import find_process, kill_trees
from crmlib.running.quick_imports import quick_imports
from crmlib.running.wording import first_line, is_own, masked_error, without_values
from crmlib.running.writing import write_text

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

Tell = Callable[..., None]


def main() -> None:
    """Serve one notebook and end; the exit code says nothing, the events do."""
    job = json.loads(_first_line_of_input())
    os.environ.update(job["environment"])
    sockets = Path(job["sockets"])
    manager = start_kernel(sockets, Path(job["cwd"]))
    # Only now: a forked kernel must not hold the channel open after our end.
    tell = _event_channel()
    kernel = kernel_process_id(manager)
    threading.Thread(target=_watch_input, args=(kernel, sockets), daemon=True).start()
    tell("kernel", pid=kernel)
    ending = _execute(job, manager, tell)
    stop_kernel(manager)
    tell("end", **ending, peak_bytes=_peak_of_kernel())
    os._exit(0)  # threads that still wait for input must not hold up the exit


def _first_line_of_input() -> bytes:
    given = b""
    while not given.endswith(b"\n"):
        chunk = os.read(0, 65536)
        if not chunk:
            os._exit(1)  # the parent has gone before it said what to do
        given += chunk
    return given


def _event_channel() -> Tell:
    """Keep standard output for events; what any library prints goes to standard error, which is the log."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def tell(event: str, **facts: Any) -> None:
        lines.write(json.dumps({"event": event, **facts}) + "\n")

    return tell


def _watch_input(kernel: int, sockets: Path) -> None:
    """At the end of the input the parent has gone: end with the kernel, and leave no sockets."""
    while os.read(0, 65536):
        continue
    kill_trees([find_process(kernel)])
    shutil.rmtree(sockets, ignore_errors=True)
    os._exit(1)


def _execute(job: dict[str, Any], manager: "AsyncKernelManager", tell: Tell) -> dict[str, Any]:
    """Let papermill execute the notebook and write it once, complete, under its name."""
    with quick_imports():
        import papermill

        from crmlib.running.engine import NAME, Execution

    execution = Execution()
    trouble = ""
    try:
        papermill.execute_notebook(
            job["notebook"],
            None,
            parameters=job["parameters"],
            engine_name=NAME,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=job["cwd"],
            km=manager,
            execution=execution,
            on_cell=lambda index: tell("cell", index=index),
        )
    except papermill.PapermillExecutionError:
        pass  # the cells tell it, and the parent reads the cells
    except Exception as error:  # noqa: BLE001  (whatever went wrong, the parent must hear of it)
        trouble = f"{type(error).__name__}: {without_values(str(error), own=job['own'])}"
    try:
        if execution.notebook is not None:
            _write(execution.notebook, job, execution.origin)
    except OSError as error:
        execution.origin = {"errno": error.errno, "filename": str(error.filename or "")}
        trouble = type(error).__name__
    return {"kernel_died": execution.kernel_died, "origin": execution.origin, "trouble": trouble}


def _write(notebook: Any, job: dict[str, Any], origin: dict[str, Any]) -> None:
    """Write the executed notebook without what differs from run to run, and without values in what libraries said."""
    import nbformat

    notebook.metadata.pop("papermill", None)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        for number, output in enumerate(cell.get("outputs", [])):
            if output["output_type"] == "stream" and output["name"] == "stderr":
                output["text"] = masked_aside(output["text"])
            if output["output_type"] == "error":
                message = (
                    first_line(output["evalue"])
                    if is_own(origin)
                    else without_values(output["evalue"], code, job["own"])
                )
                cell.outputs[number] = nbformat.from_dict(masked_error(output, message))
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    write_text(Path(job["executed"]), nbformat.writes(notebook))


def _peak_of_kernel() -> int | None:
    """Give the kernel's peak memory in bytes, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


if __name__ == "__main__":
    main()
