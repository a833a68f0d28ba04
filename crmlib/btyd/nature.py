"""What customers are like and nobody sees: their rate, their odds of leaving, the hour of it."""

from dataclasses import dataclass

from crmlib.btyd.grouping import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """Drawn traits of customers.

    Attributes
    ----------
    rate : array
        Phases a week while alive.
    leave : array
        Probability of leaving after each repeat purchase.
    death : array
        Week of leaving counted from the first purchase, infinite until known; the simulation fills it in.
    phases : int
        Exponential phases between two purchases.
    """

    rate: Array
    leave: Array
    death: Array
    phases: int = 1
