"""The latest events of a run: no hole, no end to what can be added, bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ring import Ring


def numbered(first: int, last: int) -> list[bytes]:
    return [str(n).encode() for n in range(first, last + 1)]


@given(
    adds=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)), max_size=40),
    after=st.integers(-1, 80),
    room=st.integers(1, 12),
)
def test_what_is_given_follows_without_a_hole(adds: list[tuple[int, int]], after: int, room: int) -> None:
    ring = Ring(events=room, size=10_000)
    for first, more in adds:
        ring.add(numbered(first, first + more), first + more)
    given_ = [int(event) for event in ring.after(after, size=10_000)]
    assert given_ == (list(range(after + 1, ring.last + 1)) if given_ else [])
    assert ring.last == max((first + more for first, more in adds), default=-1)
    assert ring.last - ring.first < room


def test_nothing_is_given_where_older_events_would_be_missing() -> None:
    ring = Ring(events=3, size=10_000)
    ring.add(numbered(0, 5), 5)
    assert ring.after(1, size=10_000) == ()
    assert ring.after(2, size=10_000) == numbered(3, 5)


def test_a_hole_forgets_what_is_before_it() -> None:
    ring = Ring(events=10, size=10_000)
    ring.add(numbered(0, 2), 2)
    ring.add(numbered(5, 6), 6)
    assert ring.after(1, size=10_000) == ()
    assert ring.after(4, size=10_000) == numbered(5, 6)


def test_learning_of_later_events_forgets_the_earlier() -> None:
    ring = Ring(events=10, size=10_000)
    ring.add(numbered(0, 2), 2)
    ring.reach(9)
    assert (ring.last, ring.after(1, size=10_000), ring.after(9, size=10_000)) == (9, (), ())
    ring.add(numbered(8, 10), 10)
    assert ring.after(9, size=10_000) == numbered(10, 10)
    ring.add([], 12)
    assert (ring.last, ring.after(9, size=10_000)) == (12, ())


@pytest.mark.parametrize(("events", "size"), [(10, 10_000), (1_000, 100)])
def test_it_holds_a_bounded_number_of_events_and_bytes(events: int, size: int) -> None:
    ring = Ring(events=events, size=size)
    for n in range(500):
        ring.add([b"x" * 10], n)
    assert len(ring.after(ring.first - 1, size=10**9)) == 10


def test_a_message_has_a_bounded_size_but_at_least_one_event() -> None:
    ring = Ring(events=10, size=10_000)
    ring.add([b"x" * 100] * 5, 4)
    assert [len(ring.after(-1, size=size)) for size in (1, 100, 250, 10_000)] == [1, 1, 2, 5]
