"""An amount that is known, or a range in which it lies: what the money of a campaign is assumed with."""

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

INF: Final = float("inf")
_FORM: Final = "give a number, or a range [low, likely, high]"


def _checked(most: float, *, above: bool = False) -> BeforeValidator:
    """Refuse what is neither a number nor a range in its order, and what lies outside 0 to the most."""

    def check(value: Any) -> Any:
        if value is None:
            return None
        numbers = list(value) if isinstance(value, list | tuple) else [value]
        if len(numbers) not in {1, 3} or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
            raise ValueError(f"{_FORM}; found {str(value)[:60]!r}")
        if numbers != sorted(numbers):
            raise ValueError(f"a range runs from low over likely to high; found {numbers}")
        if numbers[0] < 0 or (above and numbers[0] == 0) or numbers[-1] > most:
            limits = ("is above 0" if above else "is not below 0") + (f" and at most {most:g}" if most < INF else "")
            raise ValueError(f"{limits}; found {numbers if len(numbers) > 1 else value}")
        return value if len(numbers) > 1 else numbers[0]

    return BeforeValidator(check)


_Part = Annotated[float, Field(ge=0, le=1)]
_Amount = Annotated[float, Field(ge=0)]

Share = Annotated[_Part | tuple[_Part, _Part, _Part], _checked(1)]
"""A share, or the range in which it lies."""
Money = Annotated[_Amount | tuple[_Amount, _Amount, _Amount], _checked(INF)]
"""An amount of money, or the range in which it lies."""
PositiveShare = Annotated[_Part | tuple[_Part, _Part, _Part], _checked(1, above=True)]
PositiveMoney = Annotated[_Amount | tuple[_Amount, _Amount, _Amount], _checked(INF, above=True)]


def as_range(value: float | tuple[float, float, float]) -> tuple[float, float, float]:
    """Give low, likely and high; of a number that is known they are one.

    Examples
    --------
    >>> as_range(0.3), as_range((0.1, 0.3, 0.5))
    ((0.3, 0.3, 0.3), (0.1, 0.3, 0.5))
    """
    return value if isinstance(value, tuple) else (value, value, value)
