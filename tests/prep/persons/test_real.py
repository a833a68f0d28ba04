"""On real deliveries nobody is found where nobody is: order numbers and articles raise no alarm."""

import pytest
import yaml

from crmlib.prep import prepare
from crmlib.workspace import open_run

FILES = {"cdnow": "cdnow/CDNOW_sample.txt", "online_retail": "online_retail/by-day/2011-09-0*.csv"}


@pytest.mark.shared_data
@pytest.mark.parametrize("series", sorted(FILES))
def test_no_false_alarm(project, shared_data, tmp_path, series):
    params = yaml.safe_load((project / "params" / f"{series}.yaml").read_text(encoding="utf-8"))
    source = params["sources"]["transactions"]
    source["path"] = str(shared_data / FILES[series])
    file = tmp_path / "params" / "real.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(params | {"privacy": {"demo_key": True, "undeclared": "stop"}}), encoding="utf-8")
    account = prepare(open_run(file))
    assert account.privacy.personal.empty
    assert account.persons > 100
