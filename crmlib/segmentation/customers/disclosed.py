"""The segments past the disclosure gate: one place for the picture and for the sentences."""

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.workspace import Run


def segment_shares(profile: pd.DataFrame, run: Run) -> Disclosed:
    """Let the segments' shares of customers, of revenue and, where known, of value ahead through the gate.

    Parameters
    ----------
    profile
        From :func:`crmlib.segmentation.customers.segments.segment_profile`, with the shares of value where they are
        known.
    run
        The run, for the rules.
    """
    shares = ["spend_share", *(["value_share"] if "value_share" in profile else [])]
    measures = [f"{name}{end}" for name in shares for end in ("", "_low", "_high")]
    largest = {name: "value_largest" if name.startswith("value") else "largest" for name in measures}
    return disclose(
        profile[["segment", "customers", *measures, *dict.fromkeys(largest.values())]],
        labels=["segment"],
        counts=["customers"],
        based_on="customers",
        measures=measures,
        largest=largest,
        shares={"share": "customers"},
        ranges=["share"],
        totals=True,
        rules=run.rules,
    )
