"""Watching and changing cross-attention equals the library's own processors, and watching changes no bit."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pytest
import torch

from engine.errors import InputError
from engine.run import Run
from nodes import attention, guidance, latent, sampling, text
from nodes.attention_values import Attention, AttentionMaps
from nodes.load import Loaded
from nodes.values import Guidance, Mask, Words

PROMPT, OTHER = "a large red circle", "a large blue circle"
Sample = Callable[..., sampling.Sampled]


def words_of(model: Loaded, prompt: str, run: Run) -> Words:
    return text.tokenize(model.tokenizer, prompt, 1, run=run).words  # type: ignore[no-any-return]


def guided(model: Loaded, prompt: str, run: Run, scale: float = 7.5) -> Guidance:
    tokens = text.tokenize(model.tokenizer, prompt, 1, run=run).tokens
    return guidance.cfg(text.encode(tokens, model.text_encoder, run=run), None, scale)  # type: ignore[no-any-return]


@pytest.fixture
def sampled(run: Run) -> Sample:
    def make(model: Loaded, prompt: str, plan: Attention | None = None, **options: Any) -> sampling.Sampled:
        blank = latent.empty_latent(model.denoiser, batch=options.pop("batch", 1))
        settings = {"steps": 4, "seed": 3} | options
        steered = guided(model, prompt, run, options.pop("scale", 7.5)) if "scale" in options else None
        settings.pop("scale", None)
        return sampling.sample(  # type: ignore[no-any-return]
            model.denoiser, steered or guided(model, prompt, run), blank, attention=plan, run=run, **settings
        )

    return make


@pytest.mark.parametrize("scale", [7.5, 1.0])
@pytest.mark.parametrize("name", ["sd", "xl", "vq"])
def test_watching_changes_no_bit(
    name: str, scale: float, run: Run, sampled: Sample, request: pytest.FixtureRequest
) -> None:
    model: Loaded = request.getfixturevalue(name)
    plan = attention.cross_attention(model.denoiser, words_of(model, PROMPT, run))
    plain, watched = (sampled(model, PROMPT, each, batch=2, scale=scale) for each in (None, plan))
    assert torch.equal(plain.latent.tensor, watched.latent.tensor)
    assert plain.attention is None
    maps = watched.attention
    assert maps is not None
    assert maps.steps == (0, 1, 2, 3)
    for layer in maps.layers:
        assert layer.maps.shape[:2] == (4, 2)
        assert layer.maps.shape[3:] == (layer.height * layer.width, 20)
        assert torch.allclose(layer.maps.sum(-1), torch.ones(()), atol=1e-5)
    shared = run.load(model.denoiser)
    assert not [each for each in shared.attn_processors.values() if type(each).__name__ == "Watcher"]


def test_the_maps_equal_what_the_library_s_processor_computes(sd: Loaded, run: Run, sampled: Sample) -> None:
    from diffusers.models.attention_processor import Attention as Layer
    from diffusers.models.attention_processor import AttnProcessor2_0

    seen: dict[str, torch.Tensor] = {}

    class Store(AttnProcessor2_0):  # type: ignore[misc]
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def __call__(self, attn: Layer, hidden_states: Any, encoder_hidden_states: Any = None, **options: Any) -> Any:
            query = attn.head_to_batch_dim(attn.to_q(hidden_states))
            key = attn.head_to_batch_dim(attn.to_k(encoder_hidden_states))
            seen[self.name] = attn.get_attention_scores(query, key).chunk(2)[1]
            return super().__call__(attn, hidden_states, encoder_hidden_states, **options)

    plan = attention.cross_attention(sd.denoiser, words_of(sd, PROMPT, run), largest=64)
    maps = sampled(sd, PROMPT, plan, steps=1).attention
    assert maps is not None
    from nodes.attending import twin

    net = twin(run.load(sd.denoiser))
    names = net.attn_processors.items()
    net.set_attn_processor({name: Store(name) if ".attn2." in name else each for name, each in names})
    rule: Any = guided(sd, PROMPT, run).rule
    x = torch.randn((1, 4, 8, 8), generator=torch.Generator().manual_seed(3))
    with torch.inference_mode():
        both = torch.cat([rule.negative.sequence, rule.positive.sequence])
        net(torch.cat([x, x]), torch.tensor(1), encoder_hidden_states=both)
    assert {layer.name for layer in maps.layers} == {name.removesuffix(".processor") for name in seen}
    for layer in maps.layers:
        assert torch.equal(layer.maps[0, 0], seen[f"{layer.name}.processor"])


def test_an_edit_that_changes_nothing_equals_the_plain_processor(sd: Loaded, run: Run, sampled: Sample) -> None:
    words = words_of(sd, PROMPT, run)
    same = attention.reweight_word(words, "red", 1.0)
    plan = attention.cross_attention(sd.denoiser, words, [same])
    from diffusers.models.attention_processor import AttnProcessor

    net = run.load(sd.denoiser)
    before = net.attn_processors
    try:
        classic = {name: AttnProcessor() if ".attn2." in name else each for name, each in before.items()}
        net.set_attn_processor(dict(classic))
        theirs = sampled(sd, PROMPT).latent.tensor
    finally:
        net.set_attn_processor(before)
    assert torch.equal(sampled(sd, PROMPT, plan).latent.tensor, theirs)


def test_reweighting_multiplies_a_word_s_attention_between_two_steps(sd: Loaded, run: Run, sampled: Sample) -> None:
    words = words_of(sd, PROMPT, run)
    (place,) = [span for span in words.spans if span.text == "red"]
    edit = attention.reweight_word(words, "red", 3.0, start=0.25, stop=0.5)
    plain = sampled(sd, PROMPT, attention.cross_attention(sd.denoiser, words)).attention
    changed = sampled(sd, PROMPT, attention.cross_attention(sd.denoiser, words, [edit])).attention
    assert plain is not None
    assert changed is not None
    before, after = plain.layers[0].maps, changed.layers[0].maps
    assert torch.equal(before[0], after[0])
    torch.testing.assert_close(after[1, ..., place.position], 3 * before[1, ..., place.position])
    assert torch.allclose(after[2:].sum(-1), torch.ones(()), atol=1e-5)


def test_a_confined_word_is_not_looked_at_outside_its_mask(sd: Loaded, run: Run, sampled: Sample) -> None:
    words = words_of(sd, PROMPT, run)
    pixels = torch.zeros(1, 1, 16, 16)
    pixels[..., :8] = 1
    edit = attention.confine_word(words, "red circle", Mask(pixels))
    maps = sampled(sd, PROMPT, attention.cross_attention(sd.denoiser, words, [edit])).attention
    assert maps is not None
    layer = next(each for each in maps.layers if each.width == 8)
    grid = layer.maps.reshape(*layer.maps.shape[:3], 8, 8, 20)
    for span in words.spans:
        outside = grid[..., 4:, span.position]
        assert bool((outside == 0).all()) == (span.text in ("red", "circle"))
    assert torch.allclose(grid.sum(-1), torch.ones(()), atol=1e-5)


PLACES = range(20)  # of a tiny prompt: the start, its tokens, its end and padding


def paper(*moves: tuple[int, int, float], own: Sequence[int] = ()) -> torch.Tensor:
    """Say by hand, as the paper's mapper does, which token there (first) gives which one here what share.

    Places that are not named keep their own number, `own` are new words: they give and take nothing.
    """
    mapper = torch.eye(20)
    mapper[:, [*own, *(here for _, here, _ in moves)]] = 0
    for there, here, share in moves:
        mapper[there, here] = share
    return mapper


# the new prompt, how it follows "a large red circle" (places 1 to 4), and the paper's mapper
FOLLOWED: Mapping[str, tuple[str, Literal["replace", "refine"], torch.Tensor]] = {
    "one word": (OTHER, "replace", paper()),
    "two words, each its own": ("a large blue star", "replace", paper()),
    "a word of two tokens for one": (
        "a large of7 circle",
        "replace",
        paper((3, 3, 0.5), (3, 4, 0.5), (4, 5, 1), (5, 6, 1)),
    ),
    "a new word": ("a large star red circle", "refine", paper((3, 4, 1), (4, 5, 1), (5, 6, 1), own=[3])),
    "another word": (OTHER, "refine", paper(own=[3])),
}


@pytest.mark.parametrize("name", FOLLOWED)
@pytest.mark.parametrize("own", [0.0, 0.25])
def test_prompt_to_prompt_equals_the_paper_s_way_with_both_prompts_in_one_batch(
    own: float, name: str, sd: Loaded, run: Run, sampled: Sample
) -> None:
    """The paper draws both pictures at once; a batch of other size differs by rounding, so this has a tolerance."""
    prompt, mode, mapper = FOLLOWED[name]
    words = words_of(sd, prompt, run)
    watched = attention.cross_attention(sd.denoiser, words_of(sd, PROMPT, run), self_attention=own)
    first = sampled(sd, PROMPT, watched)
    assert first.attention is not None
    edit = attention.follow_attention(first.attention, words, mode, stop=0.5, self_attention=own)
    ours = sampled(sd, prompt, attention.cross_attention(sd.denoiser, words, [edit]))
    theirs = _both_at_once(sd, run, prompt, mapper, until=2, steps=4, own=int(4 * own))
    torch.testing.assert_close(ours.latent.tensor, theirs[1:], atol=2e-4, rtol=0)
    torch.testing.assert_close(first.latent.tensor, theirs[:1], atol=2e-4, rtol=0)
    assert (theirs[0] - theirs[1]).abs().max() > 0.01
    unedited = sampled(sd, prompt).latent.tensor
    assert (unedited - theirs[1:]).abs().max() > 0.001
    if own:
        without = _both_at_once(sd, run, prompt, mapper, until=2, steps=4, own=0)
        assert (without - theirs)[1:].abs().max() > 0.001


def _both_at_once(
    sd: Loaded, run: Run, prompt: str, mapper: torch.Tensor, *, until: int, steps: int, own: int
) -> torch.Tensor:
    """Draw the prompt and another one in one batch; the second follows the first in its first steps.

    As the paper's code has it: cross-attention `until` a step, self-attention until the step `own`.
    """
    from diffusers.models.attention_processor import AttnProcessor

    from nodes.attending import twin
    from nodes.samplers import scheduler

    net, at = twin(run.load(sd.denoiser)), [0]

    class Control(AttnProcessor):  # type: ignore[misc]
        def __call__(self, attn: Any, hidden_states: Any, encoder_hidden_states: Any = None, **options: Any) -> Any:
            inward = encoder_hidden_states is None
            x, context = hidden_states, hidden_states if inward else encoder_hidden_states
            query, key = attn.head_to_batch_dim(attn.to_q(x)), attn.head_to_batch_dim(attn.to_k(context))
            value = attn.head_to_batch_dim(attn.to_v(context))
            shares = attn.get_attention_scores(query, key).unflatten(0, (4, -1))
            if at[0] < (own if inward else until):
                followed = shares[2] if inward else torch.where(mapper.any(0), shares[2] @ mapper, shares[3])
                shares = torch.stack([shares[0], shares[1], shares[2], followed])
            seen = attn.batch_to_head_dim(torch.bmm(shares.flatten(0, 1), value))
            return attn.to_out[1](attn.to_out[0](seen))

    names = net.attn_processors.items()
    net.set_attn_processor({name: Control() if ".attn2." in name or own else each for name, each in names})
    rules: list[Any] = [guided(sd, each, run).rule for each in (PROMPT, prompt)]
    both = torch.cat([*(rule.negative.sequence for rule in rules), *(rule.positive.sequence for rule in rules)])
    rule = scheduler(sd.denoiser, "auto", "auto", seeds=(3,))
    rule.set_timesteps(steps)
    x = torch.randn((1, 4, 8, 8), generator=torch.Generator().manual_seed(3)).repeat(2, 1, 1, 1)
    with torch.inference_mode():
        for at[0], t in enumerate(rule.timesteps):
            uncond, cond = net(torch.cat([x, x]), t, encoder_hidden_states=both)[0].chunk(2)
            x = rule.step(uncond + 7.5 * (cond - uncond), t, x).prev_sample
    return x


def test_keeping_self_attention_changes_no_bit_and_following_it_for_no_step_does_not_either(
    sd: Loaded, run: Run, sampled: Sample
) -> None:
    words, other = words_of(sd, PROMPT, run), words_of(sd, OTHER, run)
    plain = sampled(sd, PROMPT, attention.cross_attention(sd.denoiser, words), batch=2)
    kept = sampled(sd, PROMPT, attention.cross_attention(sd.denoiser, words, self_attention=0.5), batch=2)
    assert torch.equal(kept.latent.tensor, plain.latent.tensor)
    assert plain.attention is not None
    assert kept.attention is not None
    assert plain.attention.own == ()
    assert {layer.name.rpartition(".")[2] for layer in kept.attention.own} == {"attn1"}
    for layer in kept.attention.own:
        cells = layer.height * layer.width
        assert layer.maps.shape == (2, 2, layer.maps.shape[2], cells, cells)
        assert torch.allclose(layer.maps.sum(-1), torch.ones(()), atol=1e-5)
    small = attention.cross_attention(sd.denoiser, words, self_attention=0.5, self_largest=3)
    none = sampled(sd, PROMPT, small).attention
    assert none is not None
    assert none.own == ()
    edits = [attention.follow_attention(each.attention, other) for each in (plain, kept)]
    drawn = [
        sampled(sd, OTHER, attention.cross_attention(sd.denoiser, other, [edit]), batch=2).latent.tensor
        for edit in edits
    ]
    assert torch.equal(*drawn)
    more = attention.follow_attention(kept.attention, other, self_attention=0.5)
    followed = sampled(sd, OTHER, attention.cross_attention(sd.denoiser, other, [more]), batch=2).latent.tensor
    assert (followed - drawn[0]).abs().max() > 1e-3


def test_following_self_attention_needs_what_the_other_run_kept_of_it(sd: Loaded, run: Run, sampled: Sample) -> None:
    words = words_of(sd, PROMPT, run)
    first = sampled(sd, PROMPT, attention.cross_attention(sd.denoiser, words, self_attention=0.25)).attention
    assert first is not None
    plan = attention.cross_attention(sd.denoiser, words, [attention.follow_attention(first, words, self_attention=0.5)])
    with pytest.raises(InputError, match="in step 2 was not kept; set self_attention there as high as here"):
        sampled(sd, PROMPT, plan)


def test_following_another_run_needs_its_steps(sd: Loaded, run: Run, sampled: Sample) -> None:
    words = words_of(sd, PROMPT, run)
    first = sampled(sd, PROMPT, attention.cross_attention(sd.denoiser, words, every=2)).attention
    assert first is not None
    plan = attention.cross_attention(sd.denoiser, words, [attention.follow_attention(first, words)])
    with pytest.raises(InputError, match="step 2 of the other run was not kept; keep every step there"):
        sampled(sd, PROMPT, plan)


def test_a_family_without_cross_attention_says_so(sd: Loaded, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from nodes.families.stable_diffusion import StableDiffusion

    monkeypatch.setattr(StableDiffusion, "watchable", False)
    with pytest.raises(InputError, match="stable-diffusion has no cross-attention"):
        attention.cross_attention(sd.denoiser, words_of(sd, PROMPT, run))


def test_a_heat_map_is_of_the_word_layer_head_and_steps_that_are_asked_for(sd: Loaded, run: Run) -> None:
    words = words_of(sd, PROMPT, run)
    maps = _hand_made(words)
    heat = attention.attention_heat(maps, "red").pixels
    assert heat.shape == (1, 1, 2, 2)
    assert heat.flatten().argmax() == 3
    assert (float(heat.min()), float(heat.max())) == (0.0, 1.0)
    assert attention.attention_heat(maps, "circle").pixels.flatten().argmax() == 0
    assert attention.attention_heat(maps, "red", head=1, stop=0.5).pixels.flatten().argmax() == 1
    with pytest.raises(InputError, match="'green' is not in the prompt"):
        attention.attention_heat(maps, "green")
    with pytest.raises(InputError, match="no layer that was kept is named 'up'"):
        attention.attention_heat(maps, "red", layer="up")


def _hand_made(words: Words) -> AttentionMaps:
    from nodes.attention_values import AttentionLayer

    at = {span.text: span.position for span in words.spans}
    looked = torch.zeros(2, 1, 2, 4, 20)
    looked[:, :, :, 3, at["red"]] = 1
    looked[:, :, :, 0, at["circle"]] = 1
    looked[0, :, 1, 3, at["red"]] = 0
    looked[0, :, 1, 1, at["red"]] = 1
    return AttentionMaps(words, 20, (0, 1), 2, (AttentionLayer("down.attn2", 2, 2, looked),))


@pytest.mark.full
def test_watching_costs_at_most_half_as_much_again(run: Run) -> None:
    """The best of several runs of each, taken in turn, by the time that this process computed.

    What else the machine does makes a run wait, which is not counted, and slows it, which the best of it is spared.
    """
    from nodes import load

    model: Loaded = load.checkpoint(run=run)
    plan = attention.cross_attention(model.denoiser, words_of(model, "a red circle left of a blue square", run))
    steered, blank = guided(model, "a red circle left of a blue square", run), latent.empty_latent(model.denoiser)

    def seconds(watched: Attention | None) -> float:
        begun = time.process_time()
        sampling.sample(model.denoiser, steered, blank, steps=10, attention=watched, run=run)
        return time.process_time() - begun

    pairs = [(seconds(None), seconds(plan)) for _ in range(7)][1:]
    plain, watched = (min(each) for each in zip(*pairs, strict=True))
    assert watched < 1.5 * plain, (plain, watched)
