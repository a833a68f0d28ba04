"""Write what is made of the models: params/schema.json and the tables of docs/figures.md, features.md and tables.md."""

import json
from pathlib import Path

from crmlib.churn.history.features import features_page
from crmlib.params import json_schema
from crmlib.segmentation.business.measures import figures_page
from crmlib.tables import clean_tables_page

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    (root / "params" / "schema.json").write_text(schema + "\n", encoding="utf-8")
    for name, written in (("tables", clean_tables_page), ("figures", figures_page), ("features", features_page)):
        page = root / "docs" / f"{name}.md"
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")
