"""Series in 1/M or 1/L of expressions made from the catalogue, with a proved bound on what they leave out."""

from symsl.expansion.series import Series, series

__all__ = ["Series", "series"]
