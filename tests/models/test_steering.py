"""How text steers bauklotz: heat maps point, a higher scale helps, a negative prompt removes what it names."""

import pytest

from benchmarks.steering import negative, pointing, scales


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_the_heat_map_of_a_colour_word_points_at_its_object() -> None:
    found = pointing(100)
    assert found["games"] >= 60
    assert found["hit"] >= 0.7 > 3 * found["share of the area"]
    assert found["hit, own place only"] < 0.3  # it is the reach of the words that makes it point


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_a_negative_prompt_removes_what_it_names() -> None:
    found = negative(20)
    assert min(found["background removed"], found["style removed"]) >= 0.8, found


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("way", "count"), [("redrawn", 40), ("drowned", 60)])
def test_each_higher_scale_raises_attribute_accuracy(way: str, count: int) -> None:
    one, three, five = scales(count, [way]).values()
    assert one + 0.05 < three < five, (one, three, five)
