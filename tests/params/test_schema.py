"""The schema in the repository is the model's; the table of parameters leaves nothing out."""

import json

import jsonschema
import pytest
import yaml

from crmlib.params import json_schema, load_parameters, parameter_table


def test_the_schema_file_is_current(project):
    assert json.loads((project / "params" / "schema.json").read_text()) == json.loads(json.dumps(json_schema()))


@pytest.mark.parametrize("name", ["demo", "online_retail", "cdnow"])
def test_our_parameters_files_fit_the_schema_and_load(project, name):
    file = project / "params" / f"{name}.yaml"
    written = yaml.load(file.read_text(), Loader=yaml.BaseLoader)  # noqa: S506  (text only)
    assert written["series"] == load_parameters(file).series
    unknown = [
        error.message
        for error in jsonschema.Draft202012Validator(json_schema()).iter_errors(written)
        if error.validator == "additionalProperties"
    ]
    assert unknown == []


def test_the_table_shows_value_default_and_meaning(project):
    table = parameter_table(load_parameters(project / "params" / "cdnow.yaml")).set_index("parameter")
    assert table.loc["privacy.threshold"].tolist()[:2] == ["10", "10"]
    assert (table.meaning != "").all()
    assert not table.index.str.startswith("sources").any()
