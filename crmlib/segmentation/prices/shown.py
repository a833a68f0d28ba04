"""Price sensitivity, as the page shows it, and the table ``promotion_shares`` for machines."""

from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, note, show_all, table
from crmlib.segmentation.marked import known_marks
from crmlib.segmentation.prices import figures, sentences
from crmlib.segmentation.prices.elasticity import LEAST_ARTICLES, elasticities
from crmlib.segmentation.prices.order_size import order_size
from crmlib.segmentation.prices.promotion import PromotionShares, promotion_orders, promotion_shares
from crmlib.segmentation.prices.weekly import weekly_prices
from crmlib.segmentation.wording import Words
from crmlib.words import _
from crmlib.workspace import Run

BANDS: Final = 40
COLUMNS: Final = ("customer_id", "orders", "promoted", "share", "low", "high")
"""Columns of the table ``promotion_shares``, one row a customer; empty where the data have no promotions."""


def show_price_sensitivity(transactions: Any, run: Run) -> Shown:
    """Show how much is bought on promotion, and how demand answers to prices; write ``promotion_shares``.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    run
        The run, for its date, rules and clean products.
    """
    return show_all(_promotion(transactions, run), _elasticity(transactions, run))


def _promotion(transactions: Any, run: Run) -> Shown:
    known = known_marks(transactions, run.as_of)
    counted = promotion_orders(transactions, run.as_of) if "promotion" in known else None
    if counted is None or len(counted) < run.rules.threshold:
        run.write("promotion_shares", pd.DataFrame(columns=list(COLUMNS), dtype="str"), by=["customer_id"])
        return insufficient(
            needed=_("known customers and orders with a promotion or a discount"),
            found=_("none, or too few"),
            therefore=_("No promotion shares are shown."),
        )
    shares = promotion_shares(counted)
    run.write("promotion_shares", shares.customers[list(COLUMNS)], by=["customer_id"])
    bands = _bands(shares)
    data = disclose(bands, labels=["from", "to"], counts=["customers"], totals=True, rules=run.rules)
    draw = partial(figures.share_bands, average=shares.average.value)
    return figure(draw, data, **sentences.promotion(shares, run), size=(7.2, 2.8))


def _bands(shares: PromotionShares) -> pd.DataFrame:
    """Count customers in forty bands of their share, from the lowest to the highest that occurs."""
    values = shares.customers["share"].to_numpy()
    limits = np.linspace(0, 1, BANDS + 1)
    band = np.clip(np.searchsorted(limits, values, side="right") - 1, 0, BANDS - 1)
    counts = np.bincount(band, minlength=BANDS)
    frame = pd.DataFrame({"from": limits[:-1], "to": limits[1:], "customers": counts})
    return frame.iloc[band.min() : band.max() + 1].reset_index(drop=True)


def _elasticity(transactions: Any, run: Run) -> Shown:
    products = run.table("products") if run.has("products") else None
    weeks = weekly_prices(transactions, run.as_of, products)
    found = elasticities(weeks)
    run.write("elasticities", found, by=["category"])
    found = found.assign(label=found["category"].map(sentences.category_label).astype("str"))
    known = found[found["reason"] == ""].sort_values("elasticity", ignore_index=True)
    if known.empty:
        return insufficient(
            needed=_("at least {n} articles of a category that sell in nearly every week and whose prices vary").format(
                n=LEAST_ARTICLES
            ),
            found=sentences.verdict(str(found["reason"].iloc[0])) if len(found) else _("no article numbers"),
            therefore=_("No elasticity is estimated."),
        )
    sold, size = weeks["product_id"].nunique(), order_size(transactions, run.as_of)
    others = [_table(found, run)] if len(found) > 1 else []
    if len(known) == 1:
        return show_all(note(*sentences.one_elasticity(known.iloc[0], sold, size)), *others)
    return show_all(_picture(known, sentences.elasticity(known, sold, size, run), run), *others)


def _picture(known: pd.DataFrame, words: Words, run: Run) -> Shown:
    """Draw the elasticities of several categories."""
    drawn = known[["label", "elasticity", "low", "high"]].rename(columns={"label": "category"})
    # articles and weeks, not people
    data = disclose(drawn, labels=["category"], exact=["elasticity", "low", "high"], rules=run.rules)
    return figure(figures.elasticity_dots, data, **words, size=(7.2, 1.1 + 0.34 * len(known)))


def _table(found: pd.DataFrame, run: Run) -> Shown:
    frame = found.sort_values(["elasticity", "label"])
    frame = frame.assign(verdict=[sentences.verdict(str(reason)) for reason in frame["reason"]])
    numbers = ["elasticity", "low", "high", "articles", "weeks", "spread", "units_a_week", "silent"]
    data = disclose(frame[["label", "verdict", *numbers]], labels=["label", "verdict"], exact=numbers, rules=run.rules)
    columns = {
        "label": Shows(_("Category")),
        "elasticity": Shows(_("Elasticity"), "number", "low", "high", decimals=1, missing=_("not estimated")),
        "verdict": Shows(_("Estimated?")),
        "articles": Shows(_("Articles"), "count"),
        "weeks": Shows(_("Weeks of articles"), "count"),
        "spread": Shows(_("Spread of prices"), "share"),
        "silent": Shows(_("Weeks without a sale"), "share", decimals=0),
    }
    words = _("Elasticity by category; prices are compared within an article, with what all articles did in a week set "
              "aside")  # fmt: skip
    return table(data, words, columns)
