"""Plain words of the catalogue -> LaTeX text: names such as lambda_k or sigma_J^2 become mathematics."""

from __future__ import annotations

import re

from symsl.symbols import LATEX

# fmt: off
_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "eps", "eta", "zeta", "theta", "kappa", "lambda", "mu",
    "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega",
)
# fmt: on
_SCRIPT = r"(?:\{[^{}]*\}|\([^()\s]*\)|[+*]|[A-Za-z0-9]+)"
_NAME = re.compile(
    rf"(?P<math>(?<![A-Za-z0-9])(?:{'|'.join(_GREEK)}|[A-Za-z])(?:[_^]{_SCRIPT})+(?![A-Za-z0-9])"
    rf"|(?<![A-Za-z0-9_^])(?:{'|'.join(_GREEK)})(?![A-Za-z0-9_^])"
    rf"|(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, LATEX))})(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9.])[DKLMNQRTijklmnx](?![A-Za-z0-9]|\.[A-Za-z])"
    r"|\binfinity\b|<=|>=|!=|->|<|>|~)"
)
_OPERATORS = {"infinity": r"\infty", "<=": r"\le", ">=": r"\ge", "!=": r"\ne", "->": r"\to", "~": r"\sim"}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "~": r"\textasciitilde{}",
    "–": "--",
    "—": "---",
    "’": "'",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "→": r"$\to$",
    "∞": r"$\infty$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "²": "$^2$",
}


def prose(text: str) -> str:
    r"""Text for LaTeX, with what reads as mathematics set as mathematics.

    >>> print(prose("0 < eta < 2, lambda_k > 0 & more"))
    0 $<$ $\eta$ $<$ 2, $\lambda_{k}$ $>$ 0 \& more
    """
    parts: list[str] = []
    position = 0
    for match in _NAME.finditer(text):
        parts.append(_escaped(text[position : match.start()]))
        parts.append(f"${_mathematics(match['math'])}$")
        position = match.end()
    return "".join(parts) + _escaped(text[position:])


def _mathematics(name: str) -> str:
    if name in LATEX:
        return LATEX[name]
    if name in _OPERATORS:
        return _OPERATORS[name]
    base, *scripts = re.split(r"(?=[_^])", name)
    written = rf"\{'epsilon' if base == 'eps' else base}" if base in _GREEK else base
    return written + "".join(f"{script[0]}{{{_script(script[1:])}}}" for script in scripts)


def _script(script: str) -> str:
    inner = script[1:-1] if script.startswith("{") else script
    return re.sub("[A-Za-z]+", lambda word: rf"\{word[0]}" if word[0] in _GREEK else word[0], inner)


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)
