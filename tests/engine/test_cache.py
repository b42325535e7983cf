"""The memory tier's budget and order of leaving, and the two tiers as one cache."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Cache, InputError, Missing
from engine.action import Action
from engine.cache import in_bytes
from engine.codec import JSON_VALUES, Codecs
from engine.memory import MemoryTier
from tests.engine.toys import BYTES, Bytes
from tests.graphs.documents import examples

CODECS = Codecs([*JSON_VALUES, BYTES])


def test_a_value_comes_back_as_the_object_that_was_put() -> None:
    tier = MemoryTier(100)
    value = Bytes(b"x")
    tier.put("a", value, size=10, seconds=1)
    assert tier.get("a") is value


def test_a_value_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing, match="a"):
        MemoryTier(100).get("a")


def test_a_value_larger_than_the_whole_budget_is_not_kept_and_drives_nothing_out() -> None:
    tier = MemoryTier(100)
    tier.put("a", 1, size=100, seconds=1)
    tier.put("b", 2, size=101, seconds=100)
    assert ("a" in tier, "b" in tier, tier.used) == (True, False, 100)


def test_what_is_cheap_and_large_leaves_before_what_is_dear_and_small() -> None:
    tier = MemoryTier(100)
    tier.put("dear and small", 1, size=10, seconds=10)
    tier.put("small worth: cheap and large", 2, size=80, seconds=0.1)
    tier.put("dear and large", 3, size=80, seconds=10)
    assert [name for name in ("dear and small", "small worth: cheap and large", "dear and large") if name in tier] == [
        "dear and small",
        "dear and large",
    ]


def test_what_was_used_outlives_its_equals_that_were_not() -> None:
    tier = MemoryTier(30)
    for name in "abc":
        tier.put(name, name, size=10, seconds=1)
    tier.put("d", "d", size=10, seconds=1)  # something leaves, and the clock rises
    survivors = [name for name in "abcd" if name in tier]
    assert len(survivors) == 3
    tier.get(survivors[0])
    tier.put("e", "e", size=10, seconds=1)
    assert survivors[0] in tier


def test_a_dear_value_that_nobody_uses_leaves_in_the_end() -> None:
    tier = MemoryTier(100)
    tier.put("old", 0, size=10, seconds=5)
    for at in range(1_000):
        tier.put(f"new {at}", at, size=50, seconds=1)
    assert "old" not in tier


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60), st.floats(0, 10), st.booleans()), max_size=60))
@examples(200)
def test_the_budget_is_kept_after_every_step_and_the_sum_is_right(steps: list[tuple[int, int, float, bool]]) -> None:
    tier = MemoryTier(100)
    sizes: dict[str, int] = {}
    for number, size, seconds, reads in steps:
        name = str(number)
        if reads and name in tier:
            assert tier.get(name) == name
        elif name not in tier:
            sizes[name] = size
            tier.put(name, name, size=size, seconds=seconds)
        assert tier.used == sum(size for name, size in sizes.items() if name in tier) <= 100


def test_several_threads_may_use_the_memory_tier() -> None:
    tier = MemoryTier(1_000)
    wrong: list[object] = []

    def work(seed: int) -> None:
        for at in range(2_000):
            name = str((seed * 7 + at) % 50)
            tier.put(name, name, size=100, seconds=at % 5)
            try:
                if tier.get(name) != name:
                    wrong.append(name)
            except Missing:
                pass
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, tier.used) == ([], 100 * len(tier))


def test_a_cleared_memory_tier_is_empty_and_usable() -> None:
    tier = MemoryTier(100)
    tier.put("a", 1, size=100, seconds=1)
    tier.clear()
    tier.put("b", 2, size=100, seconds=1)
    assert ("a" in tier, tier.get("b"), tier.used) == (False, 2, 100)


ACTION = Action("Node", {"number": "d" * 64, "numbers": ("e" * 64, "f" * 64)}, '{"params":{}}', 0.5)


def test_an_action_is_known_from_memory_and_from_disk_after_a_restart(cache_folder: Path) -> None:
    cache = Cache(cache_folder)
    assert cache.action("k" * 64) is None
    cache.record("k" * 64, ACTION)
    assert cache.action("k" * 64) == (ACTION, "memory")
    cache.close()
    again = Cache(cache_folder)
    assert again.action("k" * 64) == (ACTION, "disk")
    assert again.action("k" * 64) == (ACTION, "memory")
    again.close()


def test_a_value_is_found_in_memory_then_on_disk_then_nowhere(cache_folder: Path) -> None:
    cache = Cache(cache_folder)
    value = Bytes(b"x" * 10_000)
    digest, summary = cache.put(value, CODECS, seconds=1)
    assert summary["tensors"]["data"]["shape"] == [10_000]
    assert cache.value(digest, CODECS) is value
    cache.memory.clear()
    from_disk = cache.value(digest, CODECS)
    assert (from_disk == value, from_disk is value) == (True, False)
    assert cache.value(digest, CODECS) is from_disk
    with pytest.raises(Missing):
        cache.value("0" * 64, CODECS)
    with pytest.raises(Missing):
        Cache().value(digest, CODECS)
    cache.close()


def test_the_stored_form_of_a_value_is_the_same_from_memory_and_from_disk(cache_folder: Path) -> None:
    cache = Cache(cache_folder)
    digest, _ = cache.put(Bytes(b"x" * 10_000), CODECS, seconds=1)
    from_memory = cache.hold(digest).stored(CODECS)
    cache.memory.clear()
    assert cache.hold(digest).stored(CODECS) == from_memory
    assert not cache.memory.__contains__(digest)
    cache.close()


def test_without_a_folder_nothing_outlives_the_cache() -> None:
    cache = Cache()
    cache.record("k" * 64, ACTION)
    digest, _ = cache.put(3, CODECS, seconds=1)
    assert (cache.action("k" * 64), cache.value(digest, CODECS)) == ((ACTION, "memory"), 3)
    cache.memory.clear()
    with pytest.raises(Missing):
        cache.value(digest, CODECS)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (0, 0),
        (12, 12),
        ("12", 12),
        ("12B", 12),
        ("1.5kb", 1_500),
        ("500MB", 500 * 10**6),
        (" 2 GB ", 2 * 10**9),
        ("20g", 20 * 10**9),
        ("1TB", 10**12),
    ],
)
def test_sizes_are_read(text: str | int, size: int) -> None:
    assert in_bytes(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "1 PB", "1e9", "1,5GB", "much", "1GiB", "nan", "inf"])
def test_what_is_no_size_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(InputError) as caught:
        in_bytes(text)
    assert str(caught.value) == f"{text!r} is not a size; write it like 500MB or 20GB"
