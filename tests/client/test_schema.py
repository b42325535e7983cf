"""The types of the client are those of the server's interface."""

from tests.client.generating import SCHEMA, generated


def test_the_types_are_made_from_the_interface_as_it_is() -> None:
    assert SCHEMA.read_text() == generated(), "run python -m tests.client.generating"
