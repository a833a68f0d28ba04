"""What returns say, on the page: how much comes back, and which products."""

import pandas as pd

from crmlib.features import returns_known
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, note, table
from crmlib.reporting.wording import returns_not_known
from crmlib.satisfaction import figures
from crmlib.satisfaction.population import YEAR
from crmlib.satisfaction.returns import returned_products
from crmlib.satisfaction.shown_overview import source
from crmlib.stats import Estimate
from crmlib.words import _, formats
from crmlib.workspace import Run

MOST_PRODUCTS = 10


def returns_figure(run: Run, months: pd.DataFrame, rate: Estimate) -> Shown:
    """Show the money taken back over the money sold, month by month.

    Parameters
    ----------
    run
        The run.
    months
        From `returns_by_month`.
    rate
        The rate of the window.
    """
    if months.empty or not (months["returned"].astype(float) > 0).any():
        return note(_("Nothing was taken back.") if returns_known(run) else returns_not_known())
    shown = disclose(
        months,
        labels=["month", "partial"],
        counts=["people"],
        based_on="people",
        measures=["rate", "low", "high"],
        exact=["sold", "returned"],
        rules=run.rules,
    )
    known = shown.frame.dropna(subset=["rate"])
    if known.empty:
        return insufficient(
            needed=_("a month in which {n} customers bought or took back, and something was sold").format(
                n=run.rules.threshold
            ),
            found=_("none"),
            therefore=_("The share of the money that goes back is not shown."),
        )
    first, last = (formats.share(known["rate"].iloc[i]) for i in (0, -1))
    words = _("Line over {n} months with the band of its interval, from {first} to {last}.")
    limits = _("A return counts in the month it comes back. One large return can lift a month: look at the band.")
    return figure(
        figures.returns_by_month,
        shown,
        title=_returns_title(run, rate, formats.month(known["month"].loc[known["rate"].idxmax()])),
        alt=words.format(n=len(months), first=first, last=last),
        read=_("Each dot is the money taken back in a month over the money sold in it; the band is its 95 % interval."),
        limits=f"{limits} {_('The last month is cut off.')}" if months["partial"].any() else limits,
        source=source(run, _("order lines of products"), int(months["people"].max())),
    )


def _returns_title(run: Run, rate: Estimate, highest: str) -> str:
    days = run.params.satisfaction.window_days
    if not rate.is_known:
        return _("Nothing was sold in the last {days} days; the most went back in {month}").format(
            days=days, month=highest
        )
    return _("{share} of the money of the last {days} days went back; the most in {month}").format(
        share=formats.share(rate.value), days=days, month=highest
    )


def products_table(run: Run) -> Shown:
    """Show the products that most of their buyers take back, of those that enough customers bought."""
    if not returns_known(run):
        return note(_("Which products come back is not known either."))
    fewest = 2 * run.rules.threshold
    found = returned_products(run.table("transactions"), run.as_of, YEAR, fewest)
    found = found[found["people_returning"] >= run.rules.threshold]
    if found.empty:
        return note(_("No product came back from enough customers to be named."))
    # in the order of the rounded rates that the reader sees: the exact ones would give counts away
    rounded = found["people_returning"].map(run.rules.rounded) / found["people"].map(run.rules.rounded)
    found = found.loc[rounded.sort_values(ascending=False, kind="stable").index].head(MOST_PRODUCTS)
    shown = disclose(
        found.assign(name=_names(run, found["product_id"])).drop(columns=["product_id", "rate"]),
        labels=["name"],
        counts=["people", "people_returning"],
        based_on="people_returning",
        exact=["sold", "returned"],
        shares={"rate": ("people_returning", "people")},
        rules=run.rules,
    )
    columns = {
        "name": Shows(_("Product")),
        "people": Shows(_("Buyers"), "people"),
        "people_returning": Shows(_("Took it back"), "people"),
        "sold": Shows(_("Units sold"), "count"),
        "returned": Shows(_("Units back"), "count"),
        "rate": Shows(_("Buyers who took it back"), "share", decimals=0),
    }
    return table(shown, _("Products that most buyers take back, last {days} days").format(days=YEAR), columns)


def _names(run: Run, products: pd.Series) -> pd.Series:
    """Give the product's name from the product table, else its commonest description, else its number."""
    ids = products.tolist()
    if run.has("products"):
        rows = run.table("products").select("product_id", "name")
        known = rows.filter(rows.product_id.isin(ids)).to_pandas().set_index("product_id")["name"]
    else:
        lines = run.table("transactions")
        lines = lines.filter(lines.product_id.isin(ids) & lines.description.notnull())
        counted = lines.group_by(["product_id", "description"]).agg(n=lines.count()).to_pandas()
        counted = counted.sort_values(["product_id", "n", "description"], ascending=[True, False, True])
        known = counted.drop_duplicates("product_id").set_index("product_id")["description"]
    return products.map(known).astype("str").fillna(products)
