"""Decode an uploaded sound once, block by block, within limits."""

from typing import BinaryIO

from server.desk.media import Found, UnfitError
from server.limits import LIMITS

_FORMATS = {
    "audio/wav": ("WAV", "WAVEX"),
    "audio/flac": ("FLAC",),
    "audio/ogg": ("OGG",),
    "audio/mpeg": ("MP3", "MPEG"),
}
_BLOCK = 65_536


def listen_to(file: BinaryIO, kind: str) -> Found:
    """Give how long a sound is."""
    import soundfile  # type: ignore[import-untyped]

    with soundfile.SoundFile(file) as sound:
        if sound.format not in _FORMATS[kind]:
            raise UnfitError("the file is not what it begins as")
        if sound.channels > LIMITS.sound_channels:
            raise UnfitError(f"the sound has {sound.channels} channels, more than {LIMITS.sound_channels}")
        frames = 0
        while count := len(sound.read(_BLOCK, dtype="float32", always_2d=True)):
            frames += count
            if frames > LIMITS.sound_seconds * sound.samplerate:
                raise UnfitError(f"the sound is longer than {LIMITS.sound_seconds:g} seconds")
    if frames == 0:
        raise UnfitError("there is no sound in the file")
    return Found(seconds=frames / sound.samplerate)
