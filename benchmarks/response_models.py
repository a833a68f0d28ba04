"""How well a response is foretold in public data: with what is known too late, among neighbours, and in time.

Bank marketing (45,211 calls in the order of time) and customer personality (2,240 customers, last of six campaigns).
"""

import sys
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from crmlib.actions.response.propensity import Propensity, Round, foretell

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
BLOCKS: Final = 8


def calls(rows: pd.DataFrame, left_out: list[str]) -> Round:
    """Describe bank marketing's calls without some columns; the rule is the outcome of the campaign before."""
    known = pd.get_dummies(rows.drop(columns=["y", *left_out])).astype(float)
    past = 2.0 * (rows["poutcome"] == "success") + (rows["previous"] > 0)
    answered = rows["y"].isin(["yes", 1]).to_numpy()
    return Round("calls", known, pd.DataFrame({"past": past}), answered, rows.index.to_numpy(dtype=object))


def customers(rows: pd.DataFrame) -> Round:
    """Describe customer personality's customers, equal rows as one person; the rule is how often one has responded."""
    person = rows.drop(columns="ID").fillna(-1).groupby([*rows.columns.drop("ID")]).ngroup()
    known = rows.drop(columns=["ID", "Dt_Customer", "AcceptedCmp6"]).replace({"Yes": 1, "No": 0}).infer_objects()
    known = known.assign(Income=known["Income"].fillna(known["Income"].median())).astype(float)
    past = known.filter(like="Accepted").sum(axis=1)
    answered = rows["AcceptedCmp6"].eq("Yes").to_numpy()
    return Round("last", known, pd.DataFrame({"past": past}), answered, person.to_numpy(dtype=object))


def say(what: str, found: Propensity | None) -> None:
    """Print the areas of models and rules, and how far the chosen one's probabilities are off."""
    if found is not None:
        areas = "   ".join(
            f"{row.name_} {row.auc:.3f}" for row in found.table.rename(columns={"name": "name_"}).itertuples()
        )
        sys.stdout.write(f"{what:<44} {areas}   {found.chosen} off by {found.error.shift.value:+.3f}\n")


def main() -> None:
    """Print how well a response is foretold."""
    bank, personality = (DATA / name for name in ("bank_marketing", "customer_personality"))
    if not bank.exists() or not personality.exists():
        sys.stdout.write(f"no data: expected {bank} and {personality}\n")
        return
    rows = pd.read_csv(bank / "bank-marketing.csv", sep=";")
    late = ["duration", "campaign"]
    say("bank, among neighbours", foretell([calls(rows, late)], seed=1))
    say("bank, among neighbours, told the duration", foretell([calls(rows, ["campaign"])], seed=1))
    timed = calls(rows, [*late, "month", "day"])
    blocks = np.arange(len(rows)) * BLOCKS // len(rows)
    say(
        "bank, the last eighth from those before",
        foretell([timed.only(blocks == part) for part in range(BLOCKS)], seed=1),
    )
    frame = pd.read_csv(personality / "marketing_campaign.csv")
    say("personality, the last campaign", foretell([customers(frame)], seed=1))


if __name__ == "__main__":
    main()
