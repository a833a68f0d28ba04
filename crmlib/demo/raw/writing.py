"""Writing the raw files of the demo, and beside them what is true."""

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from crmlib.demo.chain import Chain, simulate
from crmlib.demo.plan import FULL_SIZE, Plan
from crmlib.demo.raw.dirt import Delivery, Dirt, text
from crmlib.demo.raw.feedback import write_contacts, write_interactions, write_surveys
from crmlib.demo.raw.online import write_mini_program, write_web
from crmlib.demo.raw.register import write_members, write_mini_users, write_web_accounts
from crmlib.demo.raw.till import write_till
from crmlib.demo.truth import Truth, truth_of


@dataclass(frozen=True, slots=True)
class RawFiles:
    """What was written.

    Attributes
    ----------
    folder
        Where.
    deliveries
        ``file, table, lines, amount``: data lines of each file and the money that can be read from them.
    dirt
        ``kind, table, file, lines, amount``: how often each kind of dirt was planted, by table and system.
    truth
        What is true of the chain behind the files.
    """

    folder: Path
    deliveries: pd.DataFrame
    dirt: pd.DataFrame
    truth: Truth


def write_raw_files(
    folder: Path, *, seed: int = Plan().seed, size: int = FULL_SIZE, truth_folder: Path | None = None
) -> RawFiles:
    """Simulate the demo chain and write what its systems would export.

    Parameters
    ----------
    folder
        Folder to write to; it is made where it is missing. Files of the same names are overwritten.
    seed
        Same seed and size, same bytes.
    size
        Members; everything else grows with them.
    truth_folder
        Where to write what is true, one Parquet file a table, ``deliveries`` and ``dirt`` among them: a folder
        ``truth`` beside ``folder`` where not given, so that no glob over the raw files comes across it.

    Returns
    -------
    RawFiles
        What was written, with its truth.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     raw = write_raw_files(Path(folder) / "raw", seed=1, size=200)
    >>> raw.deliveries["table"].nunique()
    7
    """
    chain = simulate(Plan(seed=seed, members=size))
    deliveries, dirt = _write_all(chain, folder)
    raw = RawFiles(folder, pd.DataFrame(map(asdict, deliveries)), pd.DataFrame(map(asdict, dirt)), truth_of(chain))
    beside = truth_folder if truth_folder is not None else folder.parent / "truth"
    raw.truth.write(beside)
    raw.deliveries.to_parquet(beside / "deliveries.parquet", index=False)
    raw.dirt.to_parquet(beside / "dirt.parquet", index=False)
    return raw


def _clear(folder: Path) -> None:
    """Remove the dated files of an earlier simulation: a glob would read them with the new ones."""
    for pattern in ("till/20*.csv", "web/orders_*.csv", "mini/orders_*.parquet"):
        for stale in folder.glob(pattern):
            stale.unlink()


def _write_all(chain: Chain, folder: Path) -> tuple[list[Delivery], list[Dirt]]:
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    soiled = (
        write_till(chain, folder / "till"),
        write_web(chain, folder / "web"),
        write_mini_program(chain, folder / "mini"),
        write_members(chain, folder / "members.xlsx"),
        write_interactions(chain, folder / "interactions.jsonl"),
        write_surveys(chain, folder / "surveys.csv"),
    )
    clean = (
        write_web_accounts(chain, folder / "web" / "accounts.csv"),
        write_mini_users(chain, folder / "mini" / "users.jsonl"),
        _write_products(chain, folder / "products.csv"),
        _write_stores(chain, folder / "stores.csv"),
        write_contacts(chain, folder / "contacts.csv"),
    )
    deliveries = [d for written, _ in soiled for d in written] + [d for written in clean for d in written]
    return deliveries, [d for _, dirt in soiled for d in dirt]


def _write_products(chain: Chain, path: Path) -> list[Delivery]:
    """Write the article list."""
    products = chain.assortment.products
    pd.DataFrame({
        "商品编码": products["product_id"],
        "商品名称": products["name"],
        "品类": products["category"],
        "子类": products["subcategory"],
        "品牌 ": products["brand"],
        "成本价": text(products["unit_cost"], "%.2f"),
    }).to_csv(path, index=False, encoding="gb18030", lineterminator="\r\n")  # fmt: skip
    return [Delivery(path.name, "products", len(products))]


def _write_stores(chain: Chain, path: Path) -> list[Delivery]:
    """Write the store list in GB18030: one store's name has characters that GBK lacks."""
    stores = chain.stores
    pd.DataFrame({
        "门店编号": stores["store_id"],
        "门店名称": stores["name"],
        "城市": stores["city"],
        "大区": stores["region"],
        "开业日期": [f"{day:%Y/%m/%d}" for day in stores["opened_at"]],
        "业态": stores["format"],
    }).to_csv(path, index=False, encoding="gb18030", lineterminator="\r\n")  # fmt: skip
    return [Delivery(path.name, "stores", len(stores))]
