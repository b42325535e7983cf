"""Where a server is, and to whom its token is given."""

from pathlib import Path

import platformdirs
import pytest

from client.address import TOKEN, Address
from client.errors import ClientError


@pytest.fixture(autouse=True)
def own_token(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a server of this user have written its token."""
    monkeypatch.delenv(TOKEN, raising=False)
    folder = Path(platformdirs.user_data_path("promptograph")) / "server"
    folder.mkdir(parents=True)
    (folder / "token").write_text("own\n")
    return "own"


@pytest.mark.parametrize(
    ("url", "origin", "socket"),
    [
        ("http://127.0.0.1:8420", "http://127.0.0.1:8420", "ws://127.0.0.1:8420/api/v1/ws"),
        ("http://127.0.0.1:8420/#token=x", "http://127.0.0.1:8420", "ws://127.0.0.1:8420/api/v1/ws"),
        ("localhost:8420", "http://localhost:8420", "ws://localhost:8420/api/v1/ws"),
        ("https://Example.org/", "https://example.org", "wss://example.org/api/v1/ws"),
        ("https://example.org:443", "https://example.org", "wss://example.org/api/v1/ws"),
        ("http://[::1]:80", "http://[::1]", "ws://[::1]/api/v1/ws"),
    ],
)
def test_an_address_is_read(url: str, origin: str, socket: str) -> None:
    address = Address.of(url)
    assert (address.origin, address.socket) == (origin, socket)


@pytest.mark.parametrize("url", ["", "ftp://x", "http://", "http://x:99999", "file:///etc/passwd", "://", "http://x:y"])
def test_what_is_no_address_is_an_error(url: str) -> None:
    with pytest.raises(ClientError, match="no address of a server"):
        Address.of(url)


def test_the_token_is_the_one_given_or_of_the_url_or_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "environment")
    assert Address.of("http://127.0.0.1:1/#token=url", token="given").token == "given"
    assert Address.of("http://127.0.0.1:1/#token=url").token == "url"
    assert Address.of("http://example.org").token == "environment"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8420", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9"])
def test_a_server_on_this_machine_gets_the_token_of_this_machine(url: str) -> None:
    assert Address.of(url).token == "own"


@pytest.mark.parametrize("url", ["http://example.org", "http://localhost.example.org", "http://127.0.0.1.nip.io"])
def test_another_machine_does_not_get_the_token_of_this_one(url: str) -> None:
    assert Address.of(url).token == ""


def test_a_token_is_not_shown() -> None:
    assert "secret" not in repr(Address.of("http://x/#token=secret"))
