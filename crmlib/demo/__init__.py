"""A simulated retail chain with planted truths."""

from crmlib.demo.chain import Chain, simulate
from crmlib.demo.plan import Plan
from crmlib.demo.raw.writing import RawFiles, write_raw_files
from crmlib.demo.truth import Truth, truth_of

__all__ = ["Chain", "Plan", "RawFiles", "Truth", "simulate", "truth_of", "write_raw_files"]
