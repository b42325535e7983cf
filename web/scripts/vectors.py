"""Write test/vectors/*.json: texts that the Python side saves, which the editor must write byte for byte.

Run from the repository: .venv/bin/python web/scripts/vectors.py
"""

import json
import random
from pathlib import Path

from graphs import Graph
from graphs.library import FOLDER as LIBRARY
from graphs.strict_json import read

HERE = Path(__file__).resolve().parent.parent / "test" / "vectors"
NUMBERS = [
    "0",
    "1",
    "-1",
    "7",
    "20",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "10000000000000000",
    "0.0",
    "-0.0",
    "-0",
    "1.0",
    "3.0",
    "7.5",
    "0.1",
    "0.30000000000000004",
    "1e3",
    "1E3",
    "1e+3",
    "1e15",
    "1e16",
    "1.5e16",
    "1e17",
    "123456789012345680.0",
    "1e21",
    "1e22",
    "1.7976931348623157e308",
    "5e-324",
    "0.001",
    "0.0001",
    "0.00001",
    "0.000012",
    "1e-5",
    "1e-7",
    "1.50",
    "1e-10",
    "123.456e-7",
    "-2.5e-8",
    "2.50e2",
    "100.0",
    "1234567890123.5",
    "0.1e1",
]
TEXTS = [
    "",
    "plain",
    'quo"te',
    "back\\slash",
    "tab\t",
    "line\n",
    "\r\b\f",
    "\x01\x1f",
    "\x7f",
    "ä ö ü ß",
    "日本",
    "😀 𝄞",
    "\u2028\u2029",
    "</script>",
    "\ufeff",
    "a/b",
    "\uffff",
]
KEYS = ["a", "B", "_", "a1", "ab", "10", "2", "é", "ｚ", "😀", "\ue000", "\ud7ff"]


def documents() -> list[str]:
    """Give documents as a person might have written them, not canonical."""
    library = [path.read_text() for path in sorted(LIBRARY.glob("*.json"))]
    return [*library, *map(spelled, range(12)), strange()]


def spelled(seed: int) -> str:
    """Give a random document with numbers spelled in many ways."""
    dice = random.Random(seed)
    nodes = {}
    for at in range(dice.randint(0, 6)):
        params = {f"p{n}": f"@{dice.choice(NUMBERS)}@" for n in range(dice.randint(0, 4))}
        nodes[f"node_{at}"] = {"type": "Sampler", "version": dice.randint(1, 3), "params": params}
        if dice.random() < 0.5:
            nodes[f"node_{at}"]["title"] = dice.choice(TEXTS[:2] + TEXTS[9:12])
        if at:
            if dice.random() < 0.3:
                nodes[f"node_{at}"]["bypass"] = dice.choice([{"latent": "latent", "a": "many"}, {}, None])
            nodes[f"node_{at}"]["inputs"] = {"latent": f"node_{at - 1}.latent", "many": [f"node_{at - 1}.latent[0]"]}
    ui = {"positions": {name: [dice.randint(-9, 9), 0.5 * dice.randint(-9, 9)] for name in nodes}}
    ui["frames"] = {
        "frame_1": {"box": [0, 0, 200, 100], "title": "Base", "colour": "blue"},
        "frame_0": {"box": [1, 2, 3, 4]},
    }
    ui["notes"] = {"note_1": {"box": [0, 0, 200, 100], "text": "hello\nworld"}}
    ui["looks"] = {"node_0": {"collapsed": True}}
    made = {"nodes": nodes, "format": "promptograph/1", "name": "", "ui": ui if dice.random() < 0.7 else {}}
    return json.dumps(made, indent=dice.choice([None, 1])).replace('"@', "").replace('@"', "")


def strange() -> str:
    """Give a document with nested graphs, empty fields, and parts of `ui` that the editor does not know."""
    inner = {
        "format": "promptograph/1",
        "nodes": {"x": {"type": "pack/Other", "params": {"a": TEXTS}}},
        "inputs": {"a": {}},
        "ui": {"positions": {"x": [1, 2]}},
    }
    return json.dumps(
        {
            "format": "promptograph/1",
            "name": "Strange 日本",
            "nodes": {
                "sub": {"type": "Subgraph", "graph": inner, "params": {"b": dict.fromkeys(KEYS, None)}},
                "lib": {"type": "Subgraph", "graph": "text-to-image", "title": None, "params": {}, "inputs": {}},
            },
            "inputs": {"p": {"to": ["sub/x.a"], "title": "P"}, "q": {"to": []}},
            "outputs": {"image": "lib.image[2]"},
            "ui": {
                "positions": {},
                "frames": [1],
                "camera": {"x": 1.50, "deep": [[], {}, [{}]]},
                "notes": {"n": {"wrong": 1}},
            },
        },
        ensure_ascii=False,
    )


def main() -> None:
    HERE.mkdir(parents=True, exist_ok=True)
    pairs = [{"given": text, "saved": Graph.load(text.encode()).dumps()} for text in documents()]
    values = [f"[{text}]" for text in NUMBERS]
    values += [json.dumps([text], ensure_ascii=False) for text in TEXTS] + [json.dumps(dict.fromkeys(KEYS, 1))]
    written = [
        {"given": text, "saved": json.dumps(read(text.encode()), ensure_ascii=False, indent=2, sort_keys=True) + "\n"}
        for text in values
    ]
    for name, vectors in {"documents": pairs, "values": written}.items():
        (HERE / f"{name}.json").write_text(json.dumps(vectors, indent=1, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
