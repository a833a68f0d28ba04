"""The parameters that the documentation gives for the exports of common systems are parameters."""

import re

import pytest
import yaml

from crmlib.params.sources import Source

SYSTEMS = {
    "shopify", "woocommerce", "square", "amazon", "ebay", "etsy", "loyverse", "lightspeed", "tmall", "jd", "youzan",
    "till", "excel",
}  # fmt: skip


@pytest.fixture
def told(project):
    """Give the block of parameters, system by system."""
    text = (project / "docs" / "exports_of_common_systems.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return yaml.safe_load(block)


def test_every_system_is_told(told):
    assert set(told) == SYSTEMS


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_what_is_told_is_accepted(told, system):
    source = Source.model_validate({"path": "export.csv", **told[system]})
    assert "ordered_at" in source.columns
    assert {"amount", "amount_before_discount", "unit_price"} & set(source.columns)
