"""Plain words of the catalogue -> LaTeX text: runs such as 0 < eta < 2/u_1 become mathematics.

The text is cut into pieces (names, numbers, operators, brackets, words); a run of pieces that are not words and that
holds a name is set as one formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from symsl.symbols import LATEX

# fmt: off
GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "eps", "eta", "zeta", "theta", "kappa", "lambda", "mu",
    "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega",
)
# fmt: on
_OPERATORS = {
    **{"infinity": r"\infty", "...": r"\ldots", "<=": r"\le", ">=": r"\ge", "!=": r"\ne", "->": r"\to", "~": r"\sim"},
    **{"<<": r"\ll", ">>": r"\gg", " (x) ": r" \otimes ", " (.) ": r" \cdot ", "*": r"\,", "-+": r"\mp"},
}
FUNCTIONS = {"exp": r"\exp", "log": r"\log", "asin": r"\arcsin", "det": r"\det", "min": r"\min"} | {
    name: rf"\operatorname{{{name}}}" for name in ("erf", "tr", "soft", "Prob")
}
_SYMBOLS = "|".join(map(re.escape, sorted(set(LATEX) - {"noise"}, key=len, reverse=True)))  # noise is a word first
_CLEARER = (  # ASCII habits -> what the pieces below know
    (re.compile(r"\*\*\(((?:[^()]|\([^()]*\))*)\)"), r"^{\1}"),
    (re.compile(r"\*\*([a-z]_[a-z])"), r"^{\1}"),
    (re.compile(r"\*\*"), "^"),
    (re.compile(r"((?<![A-Za-z])e|(?<=\)))\^\(([^()]* [^()]*|-?\d/\d|-[^()]*)\)"), r"\1^{\2}"),
    (re.compile(r"(?<![A-Za-z])oo(?![A-Za-z])"), "infinity"),
    (re.compile(r"(?<=[\w)])\.(?=Sigma|Lambda|[JB]_|w_|1\)|\(OB\))"), " (.) "),
    (re.compile(r"(?<![A-Za-z_.])([TD])\((\d|l) ?(\+ ?1)?\)"), lambda m: f"{m[1]}^({m[2]}{'+1' if m[3] else ''})"),
    (re.compile(r"(?<![A-Za-z])(d?C)(\d\d)(?!\d)"), r"\1_{\2}"),
    (re.compile(r"(?<=[\w}])\.\.(?=[A-Za-z]_)"), ", ..., "),
)
_SCRIPT = r"(?:\{[^{}]*\}|\([^()\s]*\)|-\([^()\s]*\)|-\d+|[+*](?![A-Za-z0-9])|-(?=[\s,;.)\]]|$)|[A-Za-z0-9]+)"
_LETTER = r"[BDEHJKLMNOPQRSTUVWXZb-z](?!\.[A-Za-z])"
_MATRIX = r"(?<!Sec\. )(?<!Secs\. )(?<!Appendix )(?<!App\. )(?<![A-Za-z.'])[CG](?!\.?[A-Za-z0-9']|:)"
_VARIABLE_A = (  # the letter, where it is not the article
    r"(?<=[(\[/+|-])a(?=[-+,)\]/^ |])(?! [a-z]{2,}[ ,.;])|(?<=[,;] )a(?=\))"
    r"|(?<=[-+=<>/|] )a(?![A-Za-z'])(?! [a-z]{2,}[ ,.;])"
    r"|(?<![A-Za-z'])a(?=[\^/]| (?:>=|<=|->|=|<|>) )|(?<=tau )a(?=[;)])"
)
_PIECES = re.compile(
    r"(?P<code>`[^`]+`)"
    r"|(?P<root>sqrt\((?P<inside>(?:[^()]|\([^()]*\))*)\)|sqrt (?P<number>\d+))"
    rf"|(?P<name>(?<![A-Za-z'])(?:{_SYMBOLS})(?![A-Za-z0-9_^'])"
    r"(?:\*(?![A-Za-z0-9]))?"
    rf"|(?<![A-Za-z.'])(?:sum|prod|int|{'|'.join(GREEK)}|d?[A-Za-z])'?(?:[_^]{_SCRIPT})+(?![A-Za-z0-9])\*?"
    r"|(?<![A-Za-z])d[A-Zfpr](?=/d|\[)|(?<=/)d(?:alpha|[a-z])(?![A-Za-z])|(?<=[)\]] )d[mxyz](?![A-Za-z])"
    r"|(?<=\()O[JB](?=\))|(?<![A-Za-z])(?:int|sum)(?= \()"
    rf"|(?<![A-Za-z_^'])(?:{'|'.join(GREEK)})(?![A-Za-z0-9_^])(?<!gamma(?= function))(?:\*(?![A-Za-z0-9]))?"
    rf"|(?<![A-Za-z.'])(?:{'|'.join(FUNCTIONS)})(?=\()|(?<![A-Za-z.'])(?:det|tr)(?= [A-Z](?![a-z]))"
    rf"|(?<![A-Za-z.']){_LETTER}'{{0,2}}(?![A-Za-z0-9'])(?:\*(?![A-Za-z0-9]))?"
    rf"|{_MATRIX}|{_VARIABLE_A}|(?<![A-Za-z.'])A(?= [-+] \d)|\binfinity\b)"
    r"|(?P<times>(?<=[A-Za-z0-9]) x (?=[A-Za-z0-9(]))"
    r"|(?P<operator> \(x\) | \(\.\) |\.\.\.|-\+|<=|>=|!=|->|<<|>>|[-+*/=<>~|])"
    r"|(?P<power>(?<=[)\]|])[\^_](?:\{[^{}]*\}|-?[A-Za-z0-9]+)|(?<=\))!(?!=))"
    r"|(?P<digits>(?<![A-Za-z.])\d+(?:\.\d+)?)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>[,;])|(?P<space>\s+)"
    r"|(?P<word>[A-Za-z0-9][\w']*|.)",
    re.DOTALL,
)
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
    "<": "$<$",
    ">": "$>$",
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
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_VALUES = ("name", "root", "digits", "close", "power")

Piece = tuple[str, str]


def prose(text: str, names: Mapping[str, str] | None = None) -> str:
    r"""Text for LaTeX, with what reads as mathematics set as mathematics; `names` writes symbols differently.

    >>> print(prose("0 < eta < 2, lambda_k > 0 & more"))
    $0 < \eta < 2$, $\lambda_{k} > 0$ \& more
    >>> print(prose("0 < eta < 2", {"eta": r"\gamma"}))
    $0 < \gamma < 2$
    """
    for habit, clear in _CLEARER:
        text = habit.sub(clear, text)
    pieces = [(str(match.lastgroup), match[0]) for match in _PIECES.finditer(text)]
    pieces = [(_group(kind), piece) for kind, piece in pieces]
    written: list[str] = []
    position = 0
    while position < len(pieces):
        end = _formula_end(pieces, position)
        if end > position:
            formula = "".join(_mathematics(piece, names or {}) for piece in pieces[position:end])
            written.append(f"${formula}$")
            position = end
        else:
            written.append(_word(pieces[position]))
            position += 1
    return "".join(written)


def _word(piece: Piece) -> str:
    kind, text = piece
    if kind == "code":
        return rf"\texttt{{{_escaped(text[1:-1])}}}"
    if kind == "operator" and text in _OPERATORS and text not in ("...", "*"):
        return f"${_OPERATORS[text]}$"
    return _escaped(text)


def _group(kind: str) -> str:
    return "root" if kind in ("inside", "number") else kind


def _formula_end(pieces: list[Piece], start: int) -> int:
    """Where the formula that begins at `start` ends; `start` itself if none does."""
    opens = (
        pieces[start][0] in ("name", "root", "digits", "open")
        or pieces[start] == ("operator", "|")
        or (pieces[start] == ("operator", "-") and _is_sign(pieces, start))
    )
    if not opens:
        return start
    brackets: list[str] = []
    end, named, bars = start, False, 0
    complete = start  # the longest part so far that is a formula of its own
    while end < len(pieces):
        kind, piece = pieces[end]
        if kind in ("word", "code") or (kind == "comma" and not brackets):
            break
        if kind == "open":
            brackets.append(_CLOSING[piece])
        elif kind == "close" and (not brackets or brackets.pop() != piece):
            break
        named = named or kind in ("name", "root")
        bars += piece == "|"
        end += 1
        if named and not brackets and bars % 2 == 0 and (kind in _VALUES or piece == "|"):
            complete = end
    return complete


def _is_sign(pieces: list[Piece], place: int) -> bool:
    """Whether a minus belongs to what follows it: nothing in between, and not a hyphen after a word."""
    follows = place + 1 < len(pieces) and pieces[place + 1][0] in ("name", "root", "digits", "open")
    return follows and (place == 0 or pieces[place - 1][0] in ("space", "open", "comma"))


def _mathematics(piece: Piece, names: Mapping[str, str]) -> str:
    kind, text = piece
    if kind == "name":
        return _name(text, names)
    if kind == "root":
        inside = text[5:-1] if text.startswith("sqrt(") else text[5:]
        return rf"\sqrt{{{prose(inside, names).replace('$', '')}}}"
    if kind == "times":
        return r" \times "
    if kind == "power":
        return text if text == "!" else f"{text[0]}{{{_script(text[1:], names)}}}"
    if kind in ("open", "close") and text in "{}":
        return f"\\{text}"
    return _OPERATORS.get(text, " " if kind == "space" else text)


def _name(name: str, names: Mapping[str, str]) -> str:
    if name in names:
        return names[name]
    if name in LATEX:
        return LATEX[name]
    if name in _OPERATORS:
        return _OPERATORS[name]
    head, _, power = name.rpartition("^")
    if head in LATEX and "^" not in LATEX[head]:
        return f"{LATEX[head]}^{{{_script(power, names)}}}"
    if name.endswith("*"):
        return f"{_name(name[:-1], names)}^*"
    base = re.split("[_^]", name, maxsplit=1)[0]
    scripts = re.findall(rf"[_^]{_SCRIPT}", name[len(base) :])
    return _letters(base, names) + "".join(f"{script[0]}{{{_script(script[1:], names)}}}" for script in scripts)


def _letters(base: str, names: Mapping[str, str]) -> str:
    plain = base.rstrip("'")
    if len(plain) > 1 and plain[0] == "d" and (len(plain) == 2 or plain[1:] in GREEK):
        return f"d {_letters(base[1:], names)}"
    if plain in names:
        return names[plain] + base[len(plain) :]
    if plain in ("sum", "prod", "int"):
        return rf"\{plain}"
    if plain in FUNCTIONS:
        return FUNCTIONS[plain]
    return (rf"\{'epsilon' if plain == 'eps' else plain}" if plain in GREEK else plain) + base[len(plain) :]


def _script(script: str, names: Mapping[str, str]) -> str:
    inner = script[1:-1] if script.startswith("{") else script
    inner = inner.replace("infinity", r"\infty").replace("*", " ")

    def letters(word: re.Match[str]) -> str:
        return _letters(word[0], names) if word[0] in GREEK else word[0]

    return re.sub(r"(?<!\\)[A-Za-z]+", letters, inner)


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)
