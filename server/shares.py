"""Draw the page that a share link shows: plain HTML without a script, of which every word is escaped.

Guarantees
1. The page holds the graph, the inputs and the pictures of one run, and nothing else of the server.
2. No text of a graph becomes markup, and the page runs and loads nothing but its pictures.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from pydantic import JsonValue

from server.records import Output, Run

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 }
h2 { font-size: 1rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0; opacity: .7 }
figure { display: inline-block; margin: 0 1rem 1rem 0 }
img { display: block; max-width: 100%; min-width: 8rem; border-radius: .25rem }
figcaption { font-size: .85rem; opacity: .7 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem }
dt { opacity: .7 }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
pre { padding: 1rem; overflow: auto; max-height: 40rem; border: 1px solid #8884; border-radius: .25rem }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; img-src 'self'; style-src 'sha256-{_STYLE_HASH}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
MOST_PICTURES = 100
_LONGEST = 4_000  # characters of an input that are shown


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a run: the public output that it belongs to, its place there, and its content."""

    output: str
    place: int
    digest: str


def pictures(outputs: Mapping[str, Output]) -> Sequence[Picture]:
    """List the pictures among the public outputs of a run."""
    found = [
        Picture(name, place, digest)
        for name, output in sorted(outputs.items())
        if output.type in ("Image", "Mask")
        for place, digest in enumerate(output.digests)
    ]
    return found[:MOST_PICTURES]


def page(run: Run, graph: str, token: str) -> str:
    """Draw the page of a run and its graph, which is JSON as it is kept."""
    name = escape(run.name or "Untitled")
    address = f"/s/{quote(token, safe='')}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{name}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{name}</h1>
<p>A run of Promptograph, shared to be looked at.</p>
{"".join(_pictures(run, address))}{"".join(_inputs(run.inputs))}<h2>Graph</h2>
<p><a href="{address}/graph.json">Download</a></p>
<pre>{escape(graph)}</pre>
</body>
</html>
"""


def _pictures(run: Run, address: str) -> Iterator[str]:
    shown = pictures(run.outputs)
    if not shown:
        yield f"<p>{'It has no pictures.' if run.finished else 'It has not ended yet.'}</p>\n"
    for picture in shown:
        source = f"{address}/{quote(picture.output, safe='')}/{picture.place}.png"
        caption = escape(picture.output)
        yield f'<figure><img src="{escape(source)}" alt="{caption}"><figcaption>{caption}</figcaption></figure>\n'


def _inputs(inputs: Mapping[str, JsonValue]) -> Iterator[str]:
    if inputs:
        yield "<h2>Inputs</h2>\n<dl>\n"
        for name, value in sorted(inputs.items()):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
            yield f"<dt>{escape(name)}</dt><dd>{escape(shown)}</dd>\n"
        yield "</dl>\n"
