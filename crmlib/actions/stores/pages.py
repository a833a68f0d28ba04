"""What the pages of single stores are called."""

from collections.abc import Iterable

from crmlib.actions.lists.files import OF_STORE, file_names


def page_names(stores: Iterable[str]) -> dict[str, str]:
    """Give each store's page a name of its own, whatever its number holds and in whatever order the stores come.

    Examples
    --------
    >>> names = page_names(["s01", "S01", "../S01"])
    >>> names
    {'s01': 'store_s01~3.html', 'S01': 'store_S01~2.html', '../S01': 'store_S01.html'}
    >>> names == page_names(["../S01", "s01", "S01"])
    True
    """
    asked = list(stores)
    names = file_names(asked)
    return {store: f"{OF_STORE}{names[store]}.html" for store in asked}
