"""Read the weights out of a prompt: `a (red:1.5) circle`.

The grammar, as it is common in this field:

    prompt = { text | "(" prompt ")" | "(" prompt ":" number ")" | "[" prompt "]" }
    text   = anything else; \\( \\) \\[ \\] \\\\ stand for the sign itself

`(x)` multiplies the weight by 1.1, `(x:1.5)` by 1.5, `[x]` by 1/1.1; they nest. A bracket that is never closed weighs
to the end of the prompt; one that was never opened, and a colon without a number, are text. Weights stay within 100.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import chain, groupby

_SIGNS = re.compile(r"\\[()\[\]\\]|\(|\)|\[|\]|:\s*+[+-]?(?:\d++(?:\.\d*+)?|\.\d++)\s*+\)|[^\\()\[\]:]+|[\\:]")
_MORE = 1.1
_DEEPEST = 32  # brackets inside brackets; deeper ones are text
_MOST = 100.0


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the prompt with one weight; `places` says where in the prompt each character stood."""

    text: str
    weight: float
    places: tuple[int, ...]


@dataclass(slots=True)
class _Open:
    bracket: str
    parts: list[Part] = field(default_factory=list)


def parts(prompt: str) -> tuple[Part, ...]:
    """Split a prompt into stretches of one weight, in order; there is at least one."""
    levels = [_Open("")]
    for sign in _SIGNS.finditer(prompt):
        text, start = sign.group(), sign.start()
        if text in ("(", "[") and len(levels) <= _DEEPEST:
            levels.append(_Open(text))
        elif text.endswith(")") and text[0] in ":)" and levels[-1].bracket == "(":
            _close(levels, float(text[1:-1]) if text[0] == ":" else _MORE)
        elif text == "]" and levels[-1].bracket == "[":
            _close(levels, 1 / _MORE)
        else:
            shown = text[1:] if len(text) == 2 and text[0] == "\\" else text
            first = start + len(text) - len(shown)
            levels[-1].parts.append(Part(shown, 1.0, tuple(range(first, first + len(shown)))))
    while len(levels) > 1:
        _close(levels, _MORE if levels[-1].bracket == "(" else 1 / _MORE)
    return _joined(levels[0].parts)


def _close(levels: list[_Open], factor: float) -> None:
    inner = levels.pop().parts
    levels[-1].parts.extend(_weighed(part, factor) for part in _joined(inner) if part.text)


def _weighed(part: Part, factor: float) -> Part:
    return replace(part, weight=max(-_MOST, min(part.weight * factor, _MOST)))


def _joined(pieces: list[Part]) -> tuple[Part, ...]:
    """Join neighbours that are plain text on one level, so that words are not torn apart."""
    joined: list[Part] = []
    for plain, neighbours in groupby(pieces, key=lambda part: part.weight == 1.0):
        run = list(neighbours)
        places = chain.from_iterable(part.places for part in run)
        joined += [Part("".join(part.text for part in run), 1.0, tuple(places))] if plain else run
    return tuple(joined) or (Part("", 1.0, ()),)
