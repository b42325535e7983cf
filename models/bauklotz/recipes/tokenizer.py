"""Build the byte-pair vocabulary in the layout of CLIP's tokenizer.

Guarantees
1. Any UTF-8 text has tokens: all 256 bytes are in the vocabulary.
2. Every word of a caption is one token, so that a caption fits beside the slots.
3. The end-of-text token has the largest id, as CLIP's pooling expects.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from models.bauklotz.captions import LANGUAGES, caption, random_mention
from models.bauklotz.scene import training_scenes

LENGTH: Final = 48
START: Final = "<|startoftext|>"
END: Final = "<|endoftext|>"
MERGES: Final = 1000
"""An upper limit; learning ends sooner, when every word is one token."""


def build_tokenizer(folder: Path, *, scenes: int = 4000) -> None:
    """Learn merges from captions of scenes, and write them."""
    write_tokenizer(folder, _captions(scenes))


def write_tokenizer(folder: Path, texts: Iterator[str]) -> None:
    """Learn merges from texts; write vocab.json, merges.txt, tokenizer.json and tokenizer_config.json."""
    merges = _learn(texts)
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {token: index for index, token in enumerate(_tokens(merges))}
    text = json.dumps(vocabulary, ensure_ascii=False)
    (folder / "vocab.json").write_text(text + "\n", encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _save_both_layouts(folder)


def copy_tokenizer(folder: Path, to: Path) -> None:
    """Put a tokenizer beside a network that reads with it."""
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(folder / name, to / name)


def _captions(count: int) -> Iterator[str]:
    scenes = training_scenes(0, count)
    rng = np.random.default_rng(0)
    for row in range(count):
        for language in LANGUAGES:
            mention = random_mention(rng, is_pair=bool(scenes.is_pair[row]))
            yield caption(scenes, row, mention, language, rng)


def _learn(texts: Iterator[str]) -> list[tuple[str, str]]:
    """Learn merges the way CLIP did: lower case, words end in </w>."""
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
    from tokenizers.models import BPE
    from tokenizers.trainers import BpeTrainer

    tokenizer = Tokenizer(BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    words = Regex(r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(words, behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = BpeTrainer(
        vocab_size=512 + MERGES,
        min_frequency=2,
        initial_alphabet=alphabet,
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(left, right) for left, right in merges]


def _tokens(merges: list[tuple[str, str]]) -> list[str]:
    from tokenizers.pre_tokenizers import ByteLevel

    alphabet = sorted(ByteLevel.alphabet())
    ends = [byte + "</w>" for byte in alphabet]
    joined = dict.fromkeys(left + right for left, right in merges)
    return [*alphabet, *ends, *(t for t in joined if t not in {*alphabet, *ends}), START, END]


def _save_both_layouts(folder: Path) -> None:
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer(
        vocab=str(folder / "vocab.json"), merges=str(folder / "merges.txt"), model_max_length=LENGTH
    )
    tokenizer.save_pretrained(folder)
