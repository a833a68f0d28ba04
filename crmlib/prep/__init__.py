"""Chapter 01: from raw files to clean tables, nothing lost, nobody named."""

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.preparation import Preparation, prepare
from crmlib.prep.reconciliation import ReconciliationError
from crmlib.prep.verdict import Quality, fitness, measure, verdict

__all__ = [
    "InputRejectedError",
    "Preparation",
    "Quality",
    "ReconciliationError",
    "fitness",
    "measure",
    "prepare",
    "verdict",
]
