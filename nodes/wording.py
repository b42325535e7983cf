"""Find words of a prompt among its tokens, and set the tokens of two prompts side by side."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain

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


def twins(here: Words, there: Words, *, replace: bool) -> Iterator[tuple[Place, Sequence[Place], float]]:
    """Give, for the tokens of one prompt, those that stand for them in another, chunk by chunk, and the share of each.

    Words that both prompts share are twins (refine). With `replace`, those that were put in place of others are twins
    of these, one by one, or all of all where they are not as many. A word of as many tokens as its twin takes each
    one's attention; one of more or fewer spreads all of it evenly (Hertz et al., arXiv 2208.01626, `seq_aligner`).
    """
    for chunk in {span.chunk for span in here.spans} | {0}:
        mine, theirs = (_words(words.spans, chunk) for words in (here, there))
        texts = [[_text(word) for word in words] for words in (mine, theirs)]
        matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
        for kind, first, last, other_first, other_last in matcher.get_opcodes():
            ours, others = mine[first:last], theirs[other_first:other_last]
            if kind == "equal" or (kind == "replace" and replace and len(ours) == len(others)):
                for word, other in zip(ours, others, strict=True):
                    yield from _shared(word, other)
            elif kind == "replace" and replace:
                yield from _shared([*chain(*ours)], [*chain(*others)])


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


def _words(spans: Sequence[Span], chunk: int) -> list[list[Span]]:
    """Group the tokens of a chunk by words: what follows a letter or digit at once, and is one, goes on with it."""
    words: list[list[Span]] = []
    for span in spans:
        if span.chunk != chunk:
            continue
        last = words[-1][-1] if words else None
        if last and last.end == span.start and last.text[-1:].isalnum() and span.text[:1].isalnum():
            words[-1].append(span)
        else:
            words.append([span])
    return words


def _shared(mine: Sequence[Span], theirs: Sequence[Span]) -> Iterator[tuple[Place, Sequence[Place], float]]:
    """Give each token its twin where there are as many, or else an even part of all of them."""
    places, others = ([(span.chunk, span.position) for span in each] for each in (mine, theirs))
    if len(places) == len(others):
        yield from ((place, [other], 1.0) for place, other in zip(places, others, strict=True))
    else:
        yield from ((place, others, 1.0 / len(places)) for place in places)


def _text(word: Sequence[Span]) -> str:
    return "".join(span.text for span in word).strip().lower()
