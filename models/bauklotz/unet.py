"""The shape of the bauklotz denoiser, and the noise schedule it is trained for."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from diffusers import DDIMScheduler, UNet2DConditionModel

WIDTHS: Final = (64, 96, 160)
STEPS: Final = 1000


def build_unet(*, channels: int, text_width: int) -> "UNet2DConditionModel":
    """Build the denoiser: three levels, text at 8 x 8 and 4 x 4, and pooled into the time embedding."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=16,
        in_channels=channels,
        out_channels=channels,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=WIDTHS,
        layers_per_block=1,
        norm_num_groups=8,
        cross_attention_dim=text_width,
        attention_head_dim=tuple(width // 32 for width in WIDTHS),
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
        use_linear_projection=True,
    )


def build_scheduler() -> "DDIMScheduler":
    """Build the schedule: scaled linear with zero signal at the last step, v prediction, trailing steps."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        num_train_timesteps=STEPS,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=0,
    )
