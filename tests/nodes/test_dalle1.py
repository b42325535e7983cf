"""Writing pictures token by token: what is kept stays, a seed is a picture, rows are told, and misfits are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from engine import Run
from engine.errors import Cancelled, InputError
from engine.run import Cancel
from nodes import dalle1, guidance, guiders, text, vqgan
from nodes.dalle1 import Written
from nodes.image_transformer import ImageTransformer
from nodes.load import Loaded
from nodes.values import CFG, Codes, Guidance, Image
from nodes.writing import Draw
from tests.nodes import tiny_transformers
from tests.nodes.tiny_transformers import COLUMNS, ROWS

SPACE = "stable-diffusion-4x2"
Write = Callable[..., Written]


@pytest.fixture(scope="module")
def transformer(root: Path, run: Run) -> ImageTransformer:
    made: ImageTransformer = dalle1.load_transformer(
        tiny_transformers.image_transformer(root, name="tiny-writer").name, run=run
    )
    return made


@pytest.fixture(scope="module")
def prompt(vq: Loaded, run: Run) -> Guidance:
    tokens = text.tokenize(vq.tokenizer, "a red circle", 1, run=run).tokens
    guided: Guidance = guidance.cfg(text.encode(tokens, vq.text_encoder, run=run), None, 2.0)
    return guided


@pytest.fixture
def write(transformer: ImageTransformer, prompt: Guidance, vq: Loaded, run: Run) -> Write:
    def written(**options: Any) -> Written:
        wires = {"transformer": transformer, "guidance": prompt, "autoencoder": vq.autoencoder, "run": run}
        found: Written = dalle1.sample_tokens(**wires | options)
        return found

    return written


@pytest.fixture(scope="module")
def picture(vq: Loaded, run: Run) -> Codes:
    pixels = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    codes: Codes = vqgan.vqgan_encode(Image(pixels), vq.autoencoder, run=run).codes
    return codes


def test_the_rows_that_are_kept_stay_code_by_code_and_the_rest_is_new(write: Write, picture: Codes) -> None:
    whole = write(seed=3).codes.indices
    for keep, rows in ((0.0, 0), (0.25, 2), (0.6, 4), (1.0, 8)):
        found = write(start=picture, keep=keep, seed=3).codes.indices
        assert found.shape == (1, 8, 8)
        assert torch.equal(found[:, :rows], picture.indices[:, :rows])
        assert torch.equal(found, picture.indices) == (keep == 1)
        assert torch.equal(found, whole) == (keep == 0)


def test_a_seed_is_a_picture_alone_and_in_company(write: Write, picture: Codes) -> None:
    three = write(count=3, seed=4)
    assert three.likelihood.rows == ("seed 4", "seed 5", "seed 6")
    for number in range(3):
        alone = write(seed=4 + number)
        assert torch.equal(three.codes.indices[number], alone.codes.indices[0])
        assert float(three.likelihood.matrix[number, 0]) == pytest.approx(float(alone.likelihood.matrix), abs=1e-3)
    chosen = write(seeds=[6, 4], start=picture, keep=0.0).codes.indices
    assert torch.equal(chosen, three.codes.indices[[2, 0]])


def test_leaving_out_all_but_one_token_is_taking_the_likeliest(write: Write) -> None:
    greedy = write(temperature=0.0)
    assert torch.equal(write(top_k=1).codes.indices, greedy.codes.indices)
    assert torch.equal(write(top_p=0.01).codes.indices, greedy.codes.indices)
    assert not torch.equal(write().codes.indices, greedy.codes.indices)
    assert float(greedy.likelihood.matrix) > float(write().likelihood.matrix)


def test_likelihood_is_that_of_the_tokens_under_guidance(write: Write, root: Path, prompt: Guidance) -> None:
    from transformers import AutoModelForCausalLM

    found = write(seed=5)
    model = AutoModelForCausalLM.from_pretrained(root / "tiny-writer").eval()
    blocks = tiny_transformers.blocks(root / "tiny-writer")
    squares = found.codes.indices.reshape(ROWS, 2, COLUMNS, 2).permute(0, 2, 1, 3).reshape(-1, 1, 4)
    tokens = (squares == blocks.flatten(1)[None]).all(-1).int().argmax(1)
    assert isinstance(prompt.rule, CFG)
    total = 0.0
    with torch.inference_mode():
        logits = []
        for each in (prompt.rule.negative, prompt.rule.positive):
            before = torch.nn.functional.pad(each.sequence, (0, 16))
            taken = torch.cat([before, model.get_input_embeddings()(tokens)[None, :-1]], dim=1)
            logits.append(model(inputs_embeds=taken).logits[0, -len(tokens) :])
        guided = logits[0] + 2.0 * (logits[1] - logits[0])
        total = float(guided.log_softmax(-1).gather(1, tokens[:, None]).sum())
    assert float(found.likelihood.matrix) == pytest.approx(total, abs=1e-3)


def test_guidance_acts_in_its_interval_alone(write: Write, prompt: Guidance) -> None:
    rule = prompt.rule
    assert isinstance(rule, CFG)
    plain, never, late = (
        guidance.cfg(rule.positive, None, scale, 0.0, start, stop)
        for scale, start, stop in ((1.0, 0.0, 1.0), (6.0, 0.0, 0.0), (6.0, 0.5, 1.0))
    )
    alone = write(guidance=plain, temperature=0.0).codes.indices
    assert torch.equal(write(guidance=never, temperature=0.0).codes.indices, alone)
    found = write(guidance=late, temperature=0.0).codes.indices
    assert torch.equal(found[:, :4], alone[:, :4])
    assert not torch.equal(found, alone)


def test_rows_are_told_and_shown_and_change_nothing(write: Write, run: Run, picture: Codes) -> None:
    shown: list[bytes] = []
    told: list[tuple[int, int]] = []
    watched = Run(
        files=run.files,
        on_preview=lambda image, media_type: shown.append(image),
        on_progress=lambda step, total: told.append((step, total)),
    )
    assert torch.equal(write(run=watched, count=2).codes.indices, write(count=2).codes.indices)
    assert told == [(row, ROWS) for row in range(1, ROWS + 1)]
    assert [image[:2] for image in shown] == [b"\xff\xd8"] * ROWS
    assert len(set(shown)) == ROWS
    told.clear()
    write(run=watched, start=picture, keep=0.5)
    assert told == [(3, 4), (4, 4)]


def test_cancelling_stops_within_a_row(write: Write, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel, steps = Cancel(), []
    draw = Draw.tokens

    def counted(self: Any, scores: torch.Tensor) -> torch.Tensor:
        steps.append(1)
        if len(steps) == 2:
            cancel.set()
        return draw(self, scores)

    monkeypatch.setattr(Draw, "tokens", counted)
    with pytest.raises(Cancelled):
        write(run=Run(files=run.files, cancel=cancel))
    assert len(steps) == 2


def test_a_picture_made_of_blocks_is_read_back_as_its_tokens(
    transformer: ImageTransformer, vq: Loaded, run: Run
) -> None:
    blocks = run.load(transformer).blocks
    entries = run.load(vq.autoencoder).quantize.embedding.weight
    tokens = torch.randint(40, (2, ROWS, COLUMNS), generator=torch.Generator().manual_seed(2))
    codes = blocks.picture(tokens)
    assert torch.equal(codes[0, 2:4, 4:6], blocks.codes[tokens[0, 1, 2]])
    again = blocks.tokens(codes, entries)
    assert torch.equal(blocks.picture(again), codes)


def test_what_does_not_fit_is_refused(
    write: Write, vq: Loaded, picture: Codes, prompt: Guidance, root: Path, run: Run
) -> None:
    def load(name: str, **layout: Any) -> ImageTransformer:
        folder = tiny_transformers.image_transformer(root, name=name, **layout)
        made: ImageTransformer = dalle1.load_transformer(folder.name, run=run)
        return made

    with pytest.raises(InputError, match="codes of bauklotz, this autoencoder is of stable"):
        write(transformer=load("tiny-elsewhere", space="bauklotz"))
    with pytest.raises(InputError, match="64 entries, the transformer writes in one of 80"):
        write(transformer=load("tiny-larger", codes=80))
    with pytest.raises(InputError, match="20 vectors of 32, the transformer reads 12 of 32"):
        write(transformer=load("tiny-shorter", prompt=12))
    with pytest.raises(InputError, match="the codes are of elsewhere"):
        write(start=Codes(picture.indices, "elsewhere"))
    with pytest.raises(InputError, match="8 x 4 codes, the transformer writes 8 x 8"):
        write(start=Codes(picture.indices[:, :4], SPACE))
    with pytest.raises(InputError, match="steered by plain CFG"):
        write(guidance=guiders.apg(prompt))
    with pytest.raises(InputError, match="2 pictures to go on with do not fit 3 pictures"):
        write(start=Codes(picture.indices.repeat(2, 1, 1), SPACE), count=3)


def test_a_folder_that_is_not_whole_is_refused(root: Path, run: Run) -> None:
    folder = tiny_transformers.image_transformer(root, name="tiny-broken")
    save_file({"codes": torch.full((40, 2, 2), 64, dtype=torch.int16)}, folder / "blocks.safetensors")
    with pytest.raises(InputError, match="no squares of 64 codes"):
        run.load(dalle1.load_transformer(folder.name, run=run))
    (folder / "promptograph.json").write_text(json.dumps({"space": SPACE, "codes": 64}))
    with pytest.raises(InputError, match="does not say prompt"):
        dalle1.load_transformer(folder.name, run=run)
    (folder / "promptograph.json").unlink()
    with pytest.raises(InputError, match=r"has no promptograph\.json; write what it reads and writes"):
        dalle1.load_transformer(folder.name, run=run)
