"""Tiny models with random weights, saved in the libraries' own layouts; made in seconds, once for a test run."""

import json
from pathlib import Path
from typing import Any

import torch

LENGTH = 20  # tokens that a tiny text encoder reads
WORDS = ("red", "blue", "circle", "square", "left", "large", "star", "of", "on")


def tokenizer(folder: Path, *, pad: str = "<|endoftext|>") -> Any:
    """A CLIP tokenizer with a handful of words; any other text is read by the letter."""
    from transformers import CLIPTokenizer

    letters = [chr(code) for code in [*range(33, 127), *range(161, 173), *range(174, 256)]]
    letters += [chr(256 + extra) for extra in range(256 - len(letters))]
    merges = [pair for word in WORDS for pair in _merges(word)]
    vocabulary = [*letters, *(letter + "</w>" for letter in letters)]
    vocabulary += dict.fromkeys("".join(pair) for pair in merges if "".join(pair) not in vocabulary)
    vocabulary += ["<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(vocabulary)}))
    lines = dict.fromkeys(f"{first} {second}" for first, second in merges)
    (folder / "merges.txt").write_text("\n".join(("#version: 0.2", *lines)) + "\n")
    return CLIPTokenizer(
        vocab=str(folder / "vocab.json"),
        merges=str(folder / "merges.txt"),
        model_max_length=LENGTH,
        pad_token=pad,
        bos_token="<|startoftext|>",
        eos_token="<|endoftext|>",
        unk_token="<|endoftext|>",
    )


def _merges(word: str) -> list[tuple[str, str]]:
    pieces = [*word[:-1], word[-1] + "</w>"]
    found = []
    while len(pieces) > 1:
        found.append((pieces[0], pieces[1]))
        pieces = ["".join(pieces[:2]), *pieces[2:]]
    return found


def text_encoder(
    words: int,
    *,
    width: int = 32,
    heads: int = 4,
    layers: int = 3,
    length: int = LENGTH,
    projected: bool = False,
    seed: int = 0,
    **options: Any,
) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(seed)
    config = CLIPTextConfig(
        vocab_size=words,
        hidden_size=width,
        intermediate_size=64,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        max_position_embeddings=length,
        bos_token_id=words - 2,
        eos_token_id=words - 1,
        pad_token_id=words - 1,
        **({"projection_dim": 16} | options),
    )
    kind = CLIPTextModelWithProjection if projected else CLIPTextModel
    return stirred(kind(config))


def unet(**options: Any) -> Any:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(1)
    settings = {
        "sample_size": 8,
        "block_out_channels": (32, 64),
        "layers_per_block": 1,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "cross_attention_dim": 32,
        "attention_head_dim": 8,
        "norm_num_groups": 16,
    }
    return stirred(UNet2DConditionModel(**(settings | options)))


def vae(**options: Any) -> Any:
    from diffusers import AutoencoderKL

    torch.manual_seed(2)
    settings = {
        "block_out_channels": (16, 32),
        "down_block_types": ("DownEncoderBlock2D",) * 2,
        "up_block_types": ("UpDecoderBlock2D",) * 2,
        "latent_channels": 4,
        "norm_num_groups": 8,
    }
    return stirred(AutoencoderKL(**(settings | options)))


def vqvae() -> Any:
    from diffusers import VQModel

    torch.manual_seed(3)
    return stirred(
        VQModel(
            block_out_channels=(16, 32),
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            latent_channels=4,
            norm_num_groups=8,
            num_vq_embeddings=64,
            vq_embed_dim=4,
        )
    )


def stirred(module: Any) -> Any:
    """Give zero-initialised weights a value, so that nothing is equal by chance."""
    with torch.no_grad():
        for parameter in module.parameters():
            if not parameter.any():
                parameter.normal_(std=0.05)
    return module.eval()


def moved(module: Any, by: float) -> Any:
    """Move all weights a little or a lot, so that nothing is zero, one or equal by chance."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(by * torch.randn_like(parameter))
    return module


def schedule(**options: Any) -> Any:
    from diffusers import DDIMScheduler

    settings = {
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "clip_sample": False,
        "set_alpha_to_one": False,
        "steps_offset": 1,
    }
    return DDIMScheduler(**(settings | options))


def stable_diffusion(root: Path, **options: Any) -> Path:
    """A Stable Diffusion folder in diffusers layout."""
    folder = root / "tiny-sd"
    words = tokenizer(root / "words")
    for name, part in {
        "tokenizer": words,
        "text_encoder": text_encoder(len(words)),
        "unet": unet(),
        "vae": vae(),
        "scheduler": schedule(**options),
    }.items():
        part.save_pretrained(folder / name)
    return folder


def lora(root: Path, *, seed: int = 4) -> Path:
    """A LoRA with random weights for the tiny Stable Diffusion, as a pipeline saves it."""
    from diffusers import StableDiffusionPipeline
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    net = unet()
    torch.manual_seed(seed)
    net.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_v", "to_out.0"], init_lora_weights=False))
    name = f"lora-{seed}.safetensors"
    StableDiffusionPipeline.save_lora_weights(
        root, unet_lora_layers=get_peft_model_state_dict(net), weight_name=name, safe_serialization=True
    )
    return root / name


def controlnet(root: Path) -> Path:
    """A ControlNet for the tiny Stable Diffusion; its layers add something from the start."""
    from diffusers import ControlNetModel

    torch.manual_seed(6)
    stirred(ControlNetModel.from_unet(unet(), conditioning_embedding_out_channels=(16, 32))).save_pretrained(
        root / "tiny-control"
    )
    return root / "tiny-control"


def motion_adapter(root: Path) -> Path:
    """A motion adapter for the tiny Stable Diffusion; it moves from the start."""
    from diffusers import MotionAdapter

    torch.manual_seed(9)
    adapter = MotionAdapter(
        block_out_channels=(32, 64),
        motion_layers_per_block=1,
        motion_num_attention_heads=4,
        motion_norm_num_groups=16,
        motion_max_seq_length=8,
    )
    stirred(adapter).save_pretrained(root / "tiny-motion")
    return root / "tiny-motion"


def image_encoder(folder: Path, *, width: int = 32, projected: int = 24) -> Any:
    """The half of a CLIP that sees, with random weights."""
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(7)
    config = CLIPVisionConfig(
        hidden_size=width,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        image_size=32,
        patch_size=8,
        projection_dim=projected,
    )
    net = stirred(CLIPVisionModelWithProjection(config))
    net.save_pretrained(folder)
    return net


def ip_adapter(root: Path, kind: str = "plain", *, reads: int = 32, seed: int = 9, **options: Any) -> Path:
    """An IP-Adapter with random weights for the tiny Stable Diffusion, in diffusers' layout, with its image encoder."""
    from diffusers.models.attention import FeedForward
    from diffusers.models.embeddings import IPAdapterPlusImageProjection
    from safetensors.torch import save_file

    folder = root / f"tiny-ip-{kind}-{seed}"
    image_encoder(folder / "image_encoder", **options)
    torch.manual_seed(seed)
    seen = options.get("projected", 24) if kind == "plain" else 32
    if kind == "plain":
        reader = {"proj.weight": torch.randn(4 * reads, seen), "proj.bias": torch.randn(4 * reads)}
        reader |= {"norm.weight": torch.rand(reads), "norm.bias": torch.randn(reads)}
    elif kind == "full":
        reader = FeedForward(seen, reads, mult=1, activation_fn="gelu").state_dict()
        names = {"net.0.proj": "proj.0", "net.2": "proj.2"}
        reader = {f"{names[key.rpartition('.')[0]]}.{key.rpartition('.')[2]}": each for key, each in reader.items()}
        reader |= {"proj.3.weight": torch.rand(reads), "proj.3.bias": torch.randn(reads)}
    else:
        net = IPAdapterPlusImageProjection(seen, reads, hidden_dims=64, heads=1, num_queries=5, depth=4)
        reader = _as_published(net.state_dict())
    attention = {
        f"{2 * number + 1}.to_{part}_ip.weight": 0.3 * torch.randn(inner, reads)
        for number, inner in enumerate(_crossing(unet()))
        for part in "kv"
    }
    parts = {"image_proj": reader, "ip_adapter": attention}
    flat = {f"{part}.{key}": each.contiguous() for part, named in parts.items() for key, each in named.items()}
    save_file(flat, folder / f"{kind}.safetensors")
    return folder


def _crossing(net: Any) -> list[int]:
    """Give how wide each cross-attention is, in the order of the library."""
    layers = dict(net.named_modules())
    names = [name.removesuffix(".processor") for name in net.attn_processors if ".attn2." in name]
    return [layers[name].to_k.out_features for name in names]


def _as_published(reader: dict[str, Any]) -> dict[str, Any]:
    """Name the weights of a plus adapter as its authors do."""
    named: dict[str, Any] = {}
    for key, each in reader.items():
        match key.split("."):
            case ["layers", number, "ln0" | "ln1" as norm, kind]:
                named[f"layers.{number}.0.norm{1 if norm == 'ln0' else 2}.{kind}"] = each
            case ["layers", number, "attn", "to_q", kind]:
                named[f"layers.{number}.0.to_q.{kind}"] = each
            case ["layers", number, "attn", "to_k", kind]:
                values = reader[f"layers.{number}.attn.to_v.{kind}"]
                named[f"layers.{number}.0.to_kv.{kind}"] = torch.cat([each, values])
            case ["layers", number, "attn", "to_out", "0", kind]:
                named[f"layers.{number}.0.to_out.{kind}"] = each
            case ["layers", number, "ff", "0", kind]:
                named[f"layers.{number}.1.0.{kind}"] = each
            case ["layers", number, "ff", "1", "net", "0", "proj", kind]:
                named[f"layers.{number}.1.1.{kind}"] = each
            case ["layers", number, "ff", "1", "net", "2", kind]:
                named[f"layers.{number}.1.3.{kind}"] = each
            case ["layers", _, "attn", "to_v", _]:
                pass
            case _:
                named[key] = each
    return named


def for_inpainting(root: Path) -> Path:
    """The same with a denoiser that reads a mask and what is around it."""
    import shutil

    folder = root / "tiny-paint"
    shutil.copytree(root / "tiny-sd", folder)
    shutil.rmtree(folder / "unet")
    unet(in_channels=9).save_pretrained(folder / "unet")
    return folder


def with_vqgan(root: Path) -> Path:
    """The same with a VQGAN, as bauklotz is built."""
    folder = root / "tiny-vq"
    words = tokenizer(root / "words")
    for name, part in {
        "tokenizer": words,
        "text_encoder": text_encoder(len(words)),
        "unet": unet(addition_embed_type="text", addition_embed_type_num_heads=4, encoder_hid_dim=None),
        "vqvae": vqvae(),
        "scheduler": schedule(prediction_type="v_prediction", rescale_betas_zero_snr=True, timestep_spacing="trailing"),
    }.items():
        part.save_pretrained(folder / name)
    return folder


def stable_diffusion_xl(root: Path) -> Path:
    """A Stable Diffusion XL folder in diffusers layout."""
    from diffusers import EulerDiscreteScheduler

    folder = root / "tiny-xl"
    words, words_2 = tokenizer(root / "words"), tokenizer(root / "words", pad="!")
    net = unet(
        cross_attention_dim=64,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=16 + 6 * 8,
        transformer_layers_per_block=(1, 1),
    )
    for name, part in {
        "tokenizer": words,
        "tokenizer_2": words_2,
        "text_encoder": text_encoder(len(words)),
        "text_encoder_2": text_encoder(len(words), projected=True, seed=5),
        "unet": net,
        "vae": vae(),
        "scheduler": EulerDiscreteScheduler.from_config(schedule().config),
    }.items():
        part.save_pretrained(folder / name)
    index = {"_class_name": "StableDiffusionXLPipeline", "force_zeros_for_empty_prompt": True}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder
