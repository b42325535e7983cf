"""Find words of a prompt among its tokens, and set the tokens of two prompts side by side."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from engine.errors import InputError
from nodes.attention_values import Place
from nodes.values import Span, Words

_LETTERS = r"[^\W_]"


def places_of(words: Words, phrase: str, *, which: int = 0) -> tuple[Place, ...]:
    """Give the tokens of a word or phrase: of all its occurrences, or (from 1) of one."""
    found = list(_occurrences(words.text, phrase))
    if not found or which > len(found):
        said = f"is there {len(found)} times" if found else "is not in the prompt"
        raise InputError(f"{phrase[:60]!r} {said}", hint=f"the prompt is {words.text[:200]!r}")
    wanted = found if which == 0 else found[which - 1 : which]
    spans = [span for span in words.spans if any(span.start < end and start < span.end for start, end in wanted)]
    if not spans:
        raise InputError(f"{phrase[:60]!r} did not fit into the prompt", hint="give the Tokenizer more chunks")
    return tuple((span.chunk, span.position) for span in spans)


def listed(words: Words) -> list[str]:
    """Give the words that were read, each once, in order; signs are no words."""
    whole = re.finditer(rf"{_LETTERS}+(?:['’-]{_LETTERS}+)*", words.text)
    read = [match[0] for match in whole if any(_touch(span, match.span()) for span in words.spans)]
    return list(dict.fromkeys(word.lower() for word in read))


def twins(here: Words, there: Words, *, replace: bool) -> Iterator[tuple[Place, Sequence[Place]]]:
    """Give, for the tokens of one prompt, those that stand for them in another, chunk by chunk.

    Tokens that both prompts share are twins (refine). With `replace`, those that were put in place of others are twins
    of these. The start of a chunk, its end and its padding are twins too.
    """
    for chunk in {span.chunk for span in here.spans} | {0}:
        mine, theirs = ([span for span in words.spans if span.chunk == chunk] for words in (here, there))
        matcher = SequenceMatcher(None, _texts(mine), _texts(theirs), autojunk=False)
        for kind, first, last, other_first, other_last in matcher.get_opcodes():
            if kind == "equal":
                yield from (((chunk, 1 + at), [(chunk, 1 + at - first + other_first)]) for at in range(first, last))
            elif kind == "replace" and replace:
                group = [(chunk, 1 + at) for at in range(other_first, other_last)]
                yield from (((chunk, 1 + at), group) for at in range(first, last))


def ends(words: Words, chunk: int) -> int:
    """Give the position at which a chunk's text ends."""
    return 1 + sum(span.chunk == chunk for span in words.spans)


def _occurrences(text: str, phrase: str) -> Iterator[tuple[int, int]]:
    wanted = r"\s+".join(map(re.escape, phrase.split()))
    if wanted:
        for match in re.finditer(rf"(?<!{_LETTERS}){wanted}(?!{_LETTERS})", text, re.IGNORECASE):
            yield match.span()


def _touch(span: Span, place: tuple[int, int]) -> bool:
    return span.start < place[1] and place[0] < span.end


def _texts(spans: Sequence[Span]) -> list[str]:
    return [span.text.strip().lower() for span in spans]
