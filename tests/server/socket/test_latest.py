"""The newest of each node: newest only, once for each showing, bounded."""

from server.latest import Latest


def test_a_late_reader_gets_the_newest_of_each_node() -> None:
    latest = Latest(size=1_000)
    for step in range(5):
        latest.put("a", f"a{step}")
        latest.put("b", f"b{step}")
        latest.show()
    assert [frame for _, frame in latest.since(0)] == ["a4", "b4"]


def test_what_is_put_can_be_read_after_the_next_showing() -> None:
    latest = Latest(size=1_000)
    latest.put("a", "a0")
    assert latest.since(0) == []
    assert latest.show()
    latest.put("a", "a1")
    assert latest.since(0) == [(1, "a0")]
    assert latest.show()
    assert not latest.show()
    assert latest.since(1) == [(2, "a1")]


def test_a_bounded_number_of_bytes_is_held() -> None:
    latest = Latest(size=100)
    for node in range(50):
        latest.put(str(node), b"x" * 30)
        latest.show()
    assert [version for version, _ in latest.since(0)] == [48, 49, 50]
    latest.put("large", b"x" * 101)
    assert not latest.show()


def test_nothing_is_shown_of_a_node_whose_state_has_moved_on() -> None:
    latest = Latest(size=100)
    latest.put("a", "old")
    latest.show()
    latest.put("a", "new")
    latest.drop("a")
    assert not latest.show()
    assert latest.since(0) == []
    assert not latest
