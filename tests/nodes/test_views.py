"""Scores, tables and patch attention can be looked at without any tensor library."""

import json
from io import BytesIO

import numpy
import PIL.Image
import torch

from nodes import CATALOG
from nodes.values import PatchAttention, Scores, Table
from nodes.views import files, names, view

SCORES = Scores(torch.tensor([[0.0, 0.5], [1.0, 0.25]]), ("one", "two"), ("a", "b"))
TABLE = Table(("rank", "name", "cosine"), ((1, "a ring", 0.98765), (2, "x", -1.0)))


def test_scores_are_drawn_one_cell_for_each_pair() -> None:
    shown = view(CATALOG.codecs.encode(SCORES), "png")
    picture = numpy.asarray(PIL.Image.open(BytesIO(shown.file.data)))
    cells = picture[64::128, 64::128]
    assert cells.tolist() == [[0, 128], [255, 64]]
    assert shown.note == "black is 0, white is 1"


def test_scores_are_written_with_their_names() -> None:
    (file,) = files(CATALOG.codecs.encode(SCORES))
    assert file.suffix == ".json"
    assert json.loads(file.data) == {"rows": ["one", "two"], "columns": ["a", "b"], "matrix": [[0, 0.5], [1, 0.25]]}


def test_a_table_is_read_in_columns() -> None:
    assert names("Table") == ("txt", "json")
    shown = view(CATALOG.codecs.encode(TABLE), "txt").file.data.decode()
    assert shown == "rank  name    cosine\n1     a ring  0.9877\n2     x       -1\n"


def test_attention_is_shown_head_by_head() -> None:
    shown = view(CATALOG.codecs.encode(PatchAttention(torch.rand(2, 4, 8, 8), 8)), "channels", item=1)
    assert PIL.Image.open(BytesIO(shown.file.data)).size == (513, 513)
