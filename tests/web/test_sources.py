"""The editor's own unit tests, and what is generated for it from the Python side."""

from tests.web.npm import npm, said


def test_the_unit_tests_of_the_editor_pass() -> None:
    done = npm("test")
    assert done.returncode == 0, said(done)


def test_the_types_are_those_of_the_openapi() -> None:
    done = npm("run", "gen", "--", "--check")
    assert done.returncode == 0, said(done)
