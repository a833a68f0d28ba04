"""Write params/schema.json, which gives completion in editors, from the model of the parameters."""

import json
from pathlib import Path

from crmlib.params import json_schema

if __name__ == "__main__":
    file = Path(__file__).resolve().parents[1] / "params" / "schema.json"
    file.write_text(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
