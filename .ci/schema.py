"""Write what is made of the models: params/schema.json, for editors, and the clean tables of docs/tables.md."""

import json
from pathlib import Path

from crmlib.params import json_schema
from crmlib.tables import clean_tables_page

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    (root / "params" / "schema.json").write_text(schema + "\n", encoding="utf-8")
    page = root / "docs" / "tables.md"
    page.write_text(clean_tables_page(page.read_text(encoding="utf-8")), encoding="utf-8")
