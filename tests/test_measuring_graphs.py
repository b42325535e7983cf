"""The graph that measures pictures: its figures are near those of real scenes, and far from them if it draws badly."""

from collections.abc import Mapping

import pytest

from engine import Engine
from graphs import Graph
from tests.library_runs import outputs

Figures = Mapping[tuple[str, str], float]


def measured(engine: Engine, **inputs: float) -> Figures:
    found = outputs(engine, "evaluate", **inputs)
    assert found["drawn"].pixels.shape == found["real"].pixels.shape
    return {(row[0], row[1]): row[2] for row in found["measures"].rows}


def test_good_pictures_measure_nearly_like_real_ones_and_bad_ones_do_not(engine: Engine) -> None:
    good, bad = measured(engine), measured(engine, steps=1)
    floor = {name: value for (of, name), value in good.items() if of == "real"}
    assert floor == {name: value for (of, name), value in bad.items() if of == "real"}
    assert good["drawn", "attribute accuracy"] > 0.97 > bad["drawn", "attribute accuracy"]
    assert floor["FID"] < good["drawn", "FID"] < 1.3 * floor["FID"] < bad["drawn", "FID"]
    assert abs(floor["KID"]) < 0.05
    assert abs(good["drawn", "KID"]) < 0.05 < bad["drawn", "KID"]
    assert floor["CLIPScore"] - 3 < good["drawn", "CLIPScore"] < floor["CLIPScore"] + 1
    assert bad["drawn", "CLIPScore"] < floor["CLIPScore"] - 3
    assert good["drawn", "CLIPScore"] == pytest.approx(100 * good["drawn", "CLIP similarity"], rel=0.02)
    assert good["drawn", "DINO similarity"] > 0.8
    names = ("diversity", "effective pictures (Vendi)")
    assert all(good["drawn", name] == pytest.approx(floor[name], rel=0.05) for name in names)


def test_too_few_pictures_are_told_and_the_rest_is_measured(engine: Engine) -> None:
    result = engine.run(Graph.load("evaluate"), {"count": 24, "steps": 1})
    told = {failure.node: failure.message for failure in result.failures}
    assert set(told) == {"fid", "real_fid"}
    assert "24 pictures are too few" in told["fid"]
    assert set(result.outputs["attributes"].columns) == {"attribute", "asked", "right", "share"}
