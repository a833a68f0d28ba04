"""The verdict on an executed notebook, from its cells alone."""

import pytest

from crmlib.running.verdict import judge


def code(source="1", count=1, outputs=(), tags=()):
    return {
        "cell_type": "code",
        "source": source,
        "execution_count": count,
        "outputs": list(outputs),
        "metadata": {"tags": list(tags)},
    }


TEXT = {"cell_type": "markdown", "source": "# Title", "metadata": {}}
EXIT = {"output_type": "error", "ename": "SystemExit", "evalue": "0", "traceback": []}


@pytest.mark.parametrize(
    "cells",
    [
        [TEXT, code(count=1), TEXT, code(count=2)],
        [code(count=1), code(source="", count=None), code(source="  \n", count=None), code(count=2)],
        [],
    ],
)
def test_a_notebook_whose_cells_ran_in_order_is_good(cells):
    assert judge({"cells": cells}) is None


@pytest.mark.parametrize(
    ("cells", "number", "error"),
    [
        ([code(), code(count=None), code(count=None)], 2, "NotRun"),
        ([code(), code(count=3)], 2, "OutOfOrder"),
        ([TEXT, code(outputs=[EXIT])], 2, "SystemExit"),
        ([code(), code(count=2, tags=["injected-parameters"]), code(count=None)], 2, "NotRun"),
        ([code(count=None, tags=["skip-execution"])], 1, "NotRun"),
    ],
)
def test_the_first_bad_cell_is_named_as_the_analyst_counts(cells, number, error):
    fault = judge({"cells": cells})
    assert (fault.cell, fault.error) == (number, error)


def test_papermills_word_counts_for_nothing():
    claimed = code(count=None)
    claimed["metadata"]["papermill"] = {"status": "completed", "exception": False}
    assert judge({"cells": [claimed]}).error == "NotRun"
