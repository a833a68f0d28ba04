"""Three-valued logic ends here: what is not known to be true does not count as true."""

import ibis


def surely(condition: ibis.Value) -> ibis.Value:
    """Take an unknown condition for false."""
    return condition.fill_null(ibis.literal(value=False))


def bit(position: int, condition: ibis.Value) -> ibis.Value:
    """Give the number whose bit of a position is set where a condition holds."""
    return ibis.ifelse(condition, ibis.literal(1 << position, "int64"), ibis.literal(0, "int64"))
