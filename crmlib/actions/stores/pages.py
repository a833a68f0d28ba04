"""What the pages of single stores are called."""

from collections.abc import Iterable

from crmlib.actions.lists.files import file_name


def page_names(stores: Iterable[str]) -> dict[str, str]:
    """Give each store's page a name of its own, whatever its number holds; the same for the same stores.

    Examples
    --------
    >>> page_names(["S01", "../S01", "s01"])
    {'S01': 'store_S01.html', '../S01': 'store_S01-2.html', 's01': 'store_s01-3.html'}
    """
    taken: set[str] = set()
    names = {}
    for store in stores:
        name = free = file_name(store)
        number = 1
        while free.casefold() in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free.casefold())
        names[store] = f"store_{free}.html"
    return names
