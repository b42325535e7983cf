"""Say how a param is drawn, and what it allows."""

from typing import Annotated

from engine.spec import Json, Widget


def slider(minimum: float, maximum: float, step: float = 1) -> Widget:
    """Make a slider; the ends are the limits."""
    return Widget("slider", {"minimum": minimum, "maximum": maximum}, {"step": step})


def number(minimum: float | None = None, maximum: float | None = None, *, multiple: int | None = None) -> Widget:
    """Make a number field; `multiple` makes it count in steps of so many."""
    rules: dict[str, Json] = {"minimum": minimum, "maximum": maximum, "multipleOf": multiple}
    return Widget("number", {name: rule for name, rule in rules.items() if rule is not None})


Seed = Annotated[int, Widget("seed", {"minimum": 0, "maximum": 2**53 - 1})]
Steps = Annotated[int, slider(1, 1000)]
Scale = Annotated[float, slider(0, 100, 0.1)]
Fraction = Annotated[float, slider(0, 1, 0.01)]
Strength = Annotated[float, slider(0, 1, 0.01)]
Size = Annotated[int, number(8, 16384)]
Side = Annotated[int | None, number(8, 16384)]  # None is the model's own size
Batch = Annotated[int, slider(1, 256)]
FPS = Annotated[float, slider(1, 120, 0.5)]
Frames = Annotated[int, slider(1, 1000)]
Seconds = Annotated[float, number(0.01, 600)]  # of a sound
Skip = Annotated[int, slider(0, 64)]
Chunks = Annotated[int, slider(1, 32)]
Warmth = Annotated[float, slider(0, 10, 0.05)]  # the temperature that tokens are drawn at
TopK = Annotated[int, slider(0, 1000)]
TopP = Annotated[float, slider(0.01, 1, 0.01)]
TokenCount = Annotated[int, slider(1, 4096)]  # how many are written
Prompt = Annotated[str, Widget("prompt", {"maxLength": 100_000})]
Line = Annotated[str, Widget("text", {"maxLength": 1000})]
ModelName = Annotated[str, Widget("model", {"maxLength": 300})]
AssetName = Annotated[str, Widget("image", {"maxLength": 80})]
FileName = Annotated[str, Widget("file", {"maxLength": 80})]
SoundName = Annotated[str, Widget("audio", {"maxLength": 80})]
