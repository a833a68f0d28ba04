"""The parameters of a report series: one typed model, read from one YAML file."""

from crmlib.params.errors import ParameterError, Place, did_you_mean
from crmlib.params.loading import load_parameters, require_order_lines, write_parameters
from crmlib.params.model import Parameters
from crmlib.params.schema import json_schema, parameter_table
from crmlib.params.sources import FileSource, Source

__all__ = [
    "FileSource",
    "ParameterError",
    "Parameters",
    "Place",
    "Source",
    "did_you_mean",
    "json_schema",
    "load_parameters",
    "parameter_table",
    "require_order_lines",
    "write_parameters",
]
