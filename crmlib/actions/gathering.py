"""What the chapters found, brought together: the candidates they put forward and what is known of each customer."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.actions.likely import likely_enough
from crmlib.privacy.safe_csv import write_safe_csv
from crmlib.workspace import Run, private_folder

CANDIDATES = {
    "02_segmentation": "candidates_segmentation",
    "03_churn": "candidates_churn",
    "04_satisfaction": "candidates_satisfaction",
}
KNOWN = ["customer_id", "segment", "lifecycle", "lifetime_value"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The candidates of each chapter (``customer_id, reason, score``) and one row a customer of what is known."""

    candidates: dict[str, pd.DataFrame]
    customers: pd.DataFrame


def gather(run: Run) -> Gathered:
    """Read what chapters 02 to 04 wrote; nobody is called likely to leave whom the score gives little risk.

    Raises
    ------
    crmlib.workspace.MissingTableError
        If one of them has not run.
    """
    segments = run.frame("segments").reindex(columns=KNOWN)
    scores = run.frame("churn_scores")[["customer_id", "churn_probability"]]
    customers = segments.merge(scores, on="customer_id", how="outer").sort_values("customer_id")
    least_risk = run.params.churn.least_risk
    candidates = {stem: likely_enough(run.frame(table), customers, least_risk) for stem, table in CANDIDATES.items()}
    return Gathered(candidates, customers.reset_index(drop=True))


def write_list(run: Run, listed: pd.DataFrame) -> Path:
    """Write the contact list for the team, pseudonyms only, safe to open in a spreadsheet; readable by its owner.

    ``crm reveal`` turns it into contacts, for whoever holds the key.
    """
    path = private_folder(run.run_dir / "lists") / "contact_list.csv"
    rounded = listed.assign(
        lifetime_value=listed.lifetime_value.astype("float64").round(2),
        churn_probability=listed.churn_probability.astype("float64").round(4),
    )
    write_safe_csv(rounded, path)
    return path
