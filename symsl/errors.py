"""The one family of errors.

Every message says where, which argument, its value, the condition it violates (with the equation number) and the
remedy. Nothing else is raised on bad input.
"""

from __future__ import annotations


class SymslError(Exception):
    """Base of all errors raised on purpose by symsl."""


class ParameterError(SymslError, ValueError):
    """A parameter does not satisfy a condition.

    >>> print(ParameterError("Spectrum.power_law", "beta", -1, "beta > 0 (Eq. 1)", "choose a positive one"))
    Spectrum.power_law: beta = -1, but beta > 0 (Eq. 1) is required; choose a positive one
    """

    def __init__(self, where: str, argument: str, value: object, condition: str, remedy: str) -> None:
        self.where, self.argument, self.value, self.condition, self.remedy = where, argument, value, condition, remedy
        shown = shorten(value)
        super().__init__(f"{where}: {argument} = {shown}, but {condition} is required; {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.where, self.argument, self.value, self.condition, self.remedy)


class UsageError(SymslError, ValueError):
    """The call itself is wrong: an unknown name, a missing or superfluous argument, an unreadable file."""


class SymslWarning(UserWarning):
    """Something about the input that the result depends on, and that the caller may not have noticed."""


class UnsupportedExpressionError(SymslError, TypeError):
    """A SymPy expression holds something that cannot be evaluated with certified error bounds."""


class InsufficientPrecisionError(SymslError, ArithmeticError):
    """Raised inside a computation that needs more working bits to go on; `certify` answers it by giving more."""


class PrecisionError(SymslError, ArithmeticError):
    """The digits asked for were not reached within the bit limit."""

    def __init__(self, where: str, digits: int, reached: int, bits: int, reason: str = "") -> None:
        self.where, self.digits, self.reached, self.bits, self.reason = where, digits, reached, bits, reason
        because = f" ({reason})" if reason else ""
        super().__init__(
            f"{where}: {reached} of {digits} digits certified with {bits} bits of working precision{because}; "
            f"raise max_bits (now {bits}) or ask for fewer digits"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.where, self.digits, self.reached, self.bits, self.reason)


def shorten(value: object, limit: int = 60) -> str:
    """`str(value)` on one line, cut to `limit` characters."""
    try:
        text = " ".join(str(value).split())
    except ValueError:  # integers beyond Python's printing limit
        text = "a very long integer"
    return text if len(text) <= limit else text[: limit - 3] + "..."
