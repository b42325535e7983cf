"""What guidance adds equals the pictures that diffusers' DDIM believes in, with the prompt and without it."""

import json
from typing import Any

import pytest
import torch

from engine.run import Run
from nodes import difference
from nodes.load import Loaded
from nodes.values import Latent
from tests.parity.conftest import Guide


@pytest.mark.parametrize("name", ["sd", "vq"])  # one predicts noise, the other v
def test_both_pictures_equal_the_library_s_and_the_rest_is_their_difference(
    name: str, run: Run, guide: Guide, request: pytest.FixtureRequest
) -> None:
    from diffusers import DDIMScheduler

    model: Loaded = request.getfixturevalue(name)
    guided = guide(model, "a large red circle", "blue square")
    draw = torch.Generator().manual_seed(1)
    clean = torch.randn(2, 4, 8, 8, generator=draw)
    found = difference.guidance_difference(
        model.denoiser, guided, Latent(clean, model.denoiser.space), noise=0.6, seed=3, run=run
    )
    rule = DDIMScheduler.from_config(json.loads(model.denoiser.schedule), clip_sample=False)
    rule.set_timesteps(len(rule.alphas_cumprod))
    t = torch.tensor(round(0.6 * (len(rule.alphas_cumprod) - 1)))
    noise = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    x = rule.add_noise(clean, noise, t[None])
    steer: Any = guided.rule
    both = torch.cat([steer.negative.sequence.repeat(2, 1, 1), steer.positive.sequence.repeat(2, 1, 1)])
    with torch.inference_mode():
        predicted = run.load(model.denoiser)(torch.cat([x, x]), t, encoder_hidden_states=both).sample.chunk(2)
        without, with_ = (rule.step(each, t, x).pred_original_sample for each in predicted)
    torch.testing.assert_close(found.with_prompt.tensor, with_, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found.without_prompt.tensor, without, atol=1e-5, rtol=1e-5)
    assert torch.equal(found.difference.tensor, found.with_prompt.tensor - found.without_prompt.tensor)
    apart = found.difference.tensor.norm(dim=1).flatten(1)
    assert torch.equal(found.heat.pixels.flatten(1).argmax(1), apart.argmax(1))
    assert float(apart.max()) > 1e-3
