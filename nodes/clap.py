"""Embed sounds and texts in one space, and ask what fits what: CLAP (Wu et al., arXiv 2211.06687), by transformers.

`Search`, `JoinEmbeddings`, `CosineSimilarity`, `NeighbourVote` and `ClassifyImages` take these embeddings as they take
those of pictures.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes.audio import resample_audio
from nodes.audio_facts import of_clap, of_clap_embedding
from nodes.clap_model import CLAPModel, clap_files, describe_clap
from nodes.facts import SameSpace
from nodes.handles import Precision
from nodes.nearness import check_space, numbered, own_mean
from nodes.sources import EMBEDDED
from nodes.tables import measure
from nodes.values import Audio, Embedding, Scores, Table
from nodes.widgets import ModelName, Seed

_LIBS = ("torch", "transformers", "scipy")


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return clap_files(source, files).values()


@node("LoadCLAP", title="Load CLAP", category="audio", lane="io", reads=_files_of, describe=of_clap)
def load_clap(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> CLAPModel:
    """Open a CLAP, which embeds sounds and texts in one space, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program; the name of a folder below a models folder in transformers'
    layout, with .safetensors weights, a preprocessor_config.json and a tokenizer; or `hub:org/name`.
    """
    return describe_clap(source, precision, run.files)


@node("AudioEncoder", title="Audio encoder", category="audio", lane="gpu", libs=_LIBS, describe=of_clap_embedding)
def embed_audio(audio: Audio, clap: CLAPModel, seed: Seed = 0, *, run: Run) -> Embedding:
    """Embed sounds, each as one vector of length 1 in the space that texts are embedded in too.

    A sound is brought to the model's rate and to one channel, and its spectrogram is read. A CLAP hears a few seconds;
    of a sound that is longer, it hears a part, or some parts, that `seed` chooses.
    """
    model = run.load(clap)
    heard = resample_audio(audio, clap.rate, mono=True)
    return Embedding(model.embed_sounds(heard, seed), clap.space, ("",) * len(heard.samples), model.sound_scale)


@node(
    "CLAPTextEmbedding", title="CLAP text embedding", category="audio", lane="gpu", libs=_LIBS,
    describe=of_clap_embedding,
)  # fmt: skip
def embed_texts(texts: Sequence[str], clap: CLAPModel, *, run: Run) -> Embedding:
    """Embed texts, each as one vector of length 1 in the space that sounds are embedded in too."""
    if not texts:
        raise InputError("there is no text to embed", hint="give one text at least")
    model = run.load(clap)
    return Embedding(model.embed_texts(texts), clap.space, tuple(texts), model.text_scale)


class AudioScored(NamedTuple):
    cosine: Scores
    logits: Scores
    text_given_sound: Scores
    sound_given_text: Scores
    best: list[str]
    mean: float
    table: Table


@node(
    "AudioTextScore", title="Audio-text score", category="audio", libs=("torch",), describe=SameSpace("sounds", "texts")
)
def audio_text_score(sounds: Embedding, texts: Embedding) -> AudioScored:
    """Score each sound against each text: sounds are rows, texts are columns.

    `logits` are the cosines times the model's own scale. Softmax makes them probabilities both ways:
    `text_given_sound` sums to 1 over the texts, `sound_given_text` over the sounds. `best` names the likeliest text of
    each sound. `mean` is that of the cosines of sounds and their own texts, if there are as many of both; or of all.
    """
    import torch

    check_space(sounds, texts)
    rows, columns = numbered(sounds, "sound"), numbered(texts, "text")
    with torch.inference_mode():
        by_sound = sounds.vectors @ texts.vectors.T * texts.scale  # in the library's order: the bits depend on it
        by_text = texts.vectors @ sounds.vectors.T * sounds.scale
        matrices = (sounds.vectors @ texts.vectors.T, by_sound, by_sound.softmax(1), by_text.softmax(1).T.contiguous())
        mean = own_mean(matrices[0])
        best = [columns[int(each)] for each in by_sound.argmax(1)]
    cosine, logits, text_given, sound_given = (Scores(matrix, rows, columns) for matrix in matrices)
    made_of = f"{len(rows)} sounds, {len(columns)} texts, {texts.space}"
    return AudioScored(
        cosine, logits, text_given, sound_given, best, mean, measure("CLAP similarity", mean, "higher", made_of)
    )
