"""Write prompts: from a template, with wildcards, in all combinations, with one word changed; and look them over."""

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from engine.errors import InputError
from engine.node import node
from nodes.values import Table, Words
from nodes.widgets import Line, Prompt, Seed, slider
from nodes.wording import listed

Count = Annotated[int, slider(1, 256)]

_SLOT = re.compile(r"\[(\w+)\]")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_OPPOSITES = (
    ({"large", "big", "huge", "giant"}, {"small", "tiny", "little"}),
    ({"bright", "day", "sunny", "daylight"}, {"dark", "night", "midnight"}),
)
_SIDES = {"left", "right", "above", "below", "top", "bottom", "upper", "lower"}
_NEGATIONS = {"no", "not", "without", "never", "none", "isn't", "don't", "kein", "keine", "ohne", "nicht"}
_VAGUE = {"nice", "beautiful", "good", "some", "thing", "things", "something", "stuff", "amazing", "great"}


@node("PromptTemplate")
def prompt_template(
    template: Prompt = "[style] [subject] [action] in [setting], [lighting], [camera]",
    style: Line = "",
    subject: Line = "",
    action: Line = "",
    setting: Line = "",
    lighting: Line = "",
    camera: Line = "",
) -> str:
    """Fill the slots of a template; what is left empty goes away with its comma, or with the word before it."""
    given = {
        "style": style,
        "subject": subject,
        "action": action,
        "setting": setting,
        "lighting": lighting,
        "camera": camera,
    }
    unknown = [name for name in _SLOT.findall(template) if name not in given]
    if unknown:
        raise InputError(f"the template has a slot [{unknown[0][:40]}]", hint=f"the slots are {', '.join(given)}")
    kept = [_filled(part, given) for part in template.split(",")]
    return ", ".join(part for part in kept if part)


class Senses(NamedTuple):
    picture: str
    film: str
    sound: str


@node("PromptParts")
def prompt_parts(text: Prompt) -> Senses:
    """Take one prompt apart for a picture, a film and a sound.

    At its semicolons it says: what is seen; how it moves; how it sounds. The film is of what is seen and how it moves.
    With one semicolon nothing is said of how it moves; without any, all three are told the whole prompt.
    """
    parts = [part.strip() for part in text.split(";")]
    match parts:
        case [whole]:
            return Senses(whole, whole, whole)
        case [seen, sound]:
            return Senses(seen, seen, sound)
        case [seen, moves, sound]:
            return Senses(seen, f"{seen}, {moves}" if moves else seen, sound)
    raise InputError(f"the prompt has {len(parts)} parts", hint="write: what is seen; how it moves; how it sounds")


@node("Wildcards")
def wildcards(
    template: Prompt = "a {small|large} {red|blue|green} circle", seed: Seed = 0, count: Count = 4
) -> list[str]:
    """Write prompts by chance: `{red|blue}` is one of these; a choice may stand within another."""
    chance = random.Random(seed)
    return [_expanded(template, chance) for _ in range(count)]


@node("Combinations")
def combinations(template: Prompt = "a {red|blue} {circle|star}", most: Count = 64) -> list[str]:
    """Write every prompt that a template allows: one for each combination of its `{this|that}`."""
    parts = [part.split("|") if number % 2 else [part] for number, part in enumerate(_CHOICE.split(template))]
    count = 1
    for part in parts:
        count *= len(part)
    if count > most:
        raise InputError(f"the template allows {count} prompts", hint=f"take choices out, or allow more than {most}")
    return [_tidy("".join(each)) for each in itertools.product(*parts)]


@node("DropWords", title="Drop or swap words")
def drop_words(words: Words, instead: Line = "") -> list[str]:
    """Give the prompt, and then the prompt without each of its words in turn: draw all, to see which word did what.

    With `instead`, each word is swapped for that one rather than dropped.
    """
    return [words.text, *(_without(words.text, word, instead) for word in listed(words))]


@node("SwapWord")
def swap_word(text: Prompt, word: Line, others: Sequence[Line]) -> list[str]:
    """Give the prompt, and then the prompt with one word swapped for each of some others."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    if not word or not pattern.search(text):
        raise InputError(f"{word[:60]!r} is not in the prompt", hint=f"the prompt is {text[:200]!r}")
    return [text, *(other.join(pattern.split(text)) for other in others)]


@node("PromptLinter")
def prompt_linter(words: Words) -> Table:
    """Look a prompt over: what is cut off, contradictory, negated, vague, doubled or depends on the order of words."""
    return Table(("kind", "where", "remark"), tuple(_remarks(words)))


def _filled(part: str, given: dict[str, str]) -> str:
    """Fill the slots of one part between commas; `in [setting]` goes away as a whole if the setting is empty."""
    part = re.sub(r"\b(\w+) \[(\w+)\]", lambda match: match[0] if given[match[2]] else "", part)
    return _tidy(_SLOT.sub(lambda match: given[match[1]], part))


def _expanded(template: str, chance: random.Random) -> str:
    while match := _CHOICE.search(template):
        chosen = chance.choice(match[1].split("|"))
        template = template[: match.start()] + chosen + template[match.end() :]
    return _tidy(template)


def _tidy(text: str) -> str:
    return re.sub(r"\s+([,.;])", r"\1", " ".join(text.split()))


def _without(text: str, word: str, instead: str) -> str:
    pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
    return _tidy(re.sub(pattern, lambda _: instead, text, flags=re.IGNORECASE))


def _remarks(words: Words) -> Iterator[tuple[str, str, str]]:
    said = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", words.text.lower())
    if words.truncated:
        yield "overlong", words.truncated[:200], "this was cut off: the model does not read it"
    if len(said) < 2:
        yield "underspecified", words.text[:200], "so few words leave nearly everything to chance"
    for word in sorted(_VAGUE & set(said)):
        yield "underspecified", word, "this names nothing that could be drawn"
    for first, second in _OPPOSITES:
        both = [next((word for word in said if word in side), "") for side in (first, second)]
        if all(both) and not _two_things(said):
            yield "contradictory", " and ".join(both), "one thing cannot be both"
    for word in dict.fromkeys(word for word in said if word in _NEGATIONS):
        yield "negated", word, "encoders read past a negation: name what is unwanted in the negative prompt"
    for word in dict.fromkeys(word for before, word in itertools.pairwise(said) if before == word):
        yield "doubled", word, "it stands there twice in a row"
    if _SIDES & set(said) and _two_things(said):
        yield "order-sensitive", words.text[:200], "who is on which side hangs on the order of the words"
    for span in words.spans:
        if span.weight > 2 or 0 < span.weight < 0.4:
            yield "overweighted", span.text, f"a weight of {span.weight:.2g} tears most pictures apart"


def _two_things(said: Sequence[str]) -> bool:
    """Guess whether two things are meant: they are set in relation, or joined."""
    return bool({"and", "of", "above", "below", "beside", "und", "von", "über", "unter"} & set(said))
