"""Fetch what a run on a server made, and write it as the files that a run on this machine gives."""

from collections.abc import Mapping
from pathlib import Path

from cli.report import Saved
from cli.results import Finish, write
from client import Client
from client.schema import Output, Run
from graphs.png import SIGNATURE, embed, extract

_Made = list[tuple[str, tuple[str, bytes]]]
_PICTURES = frozenset({"Image", "Mask"})
_FORMS = {"str": "txt", "Video": "mp4"}


async def fetch(client: Client, run: Run, folder: Path) -> Mapping[str, Saved]:
    """Write every output that was made; a picture takes its graph and its manifest along."""
    outputs = run.outputs or {}
    found = {name: await _made(client, run, output) for name, output in outputs.items()}
    drawn = any(data.startswith(SIGNATURE) for made in found.values() for _, (_, data) in made)
    finish = await _finish(client, run) if drawn else _as_it_is
    return {name: _saved(name, outputs[name], made, folder, finish) for name, made in found.items()}


def _saved(name: str, output: Output, made: _Made, folder: Path, finish: Finish) -> Saved:
    kind = f"list[{output.type}]" if output.many else output.type
    return Saved(write(name, made, folder, finish), kind, tuple(output.digests) if output.many else output.digests[0])


async def _made(client: Client, run: Run, output: Output) -> _Made:
    links = [f"{output.link}[{item}]" for item in range(len(output.digests))] if output.many else [output.link]
    return [
        (digest, file)
        for link, digest in zip(links, output.digests, strict=True)
        for file in await _files(client, run, link)
    ]


async def _files(client: Client, run: Run, link: str) -> list[tuple[str, bytes]]:
    """Give a value as files: pictures as PNG, one each; films as MP4; text; JSON; the rest as safetensors."""
    [summary] = (await client.summary(run.id, link)).summaries
    tensors = summary.get("tensors")
    if summary["type"] in _PICTURES:
        count = tensors["pixels"]["shape"][0]
        return [(".png", await _view(client, run, link, "png", item)) for item in range(count)]
    form = _FORMS.get(str(summary["type"])) or ("safetensors" if tensors else "json")
    return [(f".{form}", await _view(client, run, link, form, 0))]


async def _view(client: Client, run: Run, link: str, form: str, item: int) -> bytes:
    return (await client.value(run.id, link, form=form, item=item)).data


async def _finish(client: Client, run: Run) -> Finish:
    """Learn what the server says of its pictures, and say it of each one."""
    graph, manifest = extract(await client.picture(run.id))

    def finish(data: bytes, output: str, digest: str) -> bytes:
        if not data.startswith(SIGNATURE):
            return data
        return embed(data, graph, {**manifest, "output": output, "value": digest})

    return finish


def _as_it_is(data: bytes, output: str, digest: str) -> bytes:
    return data
