"""Files that people bring: whole or not at all, of a type that is told by their bytes, and harmless when given back."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from blake3 import blake3

from tests.server.served import Served, serving
from tests.server.values.conftest import error
from tests.server.values.files import DAMAGED, GOOD, UNFIT, UNKNOWN, picture

ASSETS = "/api/v1/assets"
HTML = b"<!doctype html><script>alert(document.cookie)</script>"


def bring(client: httpx.Client, content: bytes, name: str = "a.png", kind: str = "image/png") -> httpx.Response:
    return client.post(ASSETS, content=content, headers={"Content-Type": kind, "X-Filename": name})


@pytest.fixture(autouse=True)
def nothing_is_left_behind(shop: Served) -> Iterator[None]:
    yield
    assert list((shop.data / "assets").glob("incoming/*")) == []


@pytest.mark.parametrize("name", GOOD)
def test_every_known_type_is_taken_and_given_back_byte_for_byte(shop: Served, client: httpx.Client, name: str) -> None:
    content, kind, facts = GOOD[name]
    answer = bring(client, content, f"mine.{name}", "application/octet-stream")
    asset = answer.json()
    digest = blake3(content).hexdigest()
    assert answer.status_code == 201, answer.text
    assert (asset["digest"], asset["media_type"], asset["size"]) == (digest, kind, len(content))
    assert {fact: asset[fact] for fact in facts} == facts
    assert (shop.data / "assets" / digest).stat().st_mode & 0o777 == 0o600
    given = client.get(f"{ASSETS}/{digest}")
    assert (given.content, given.headers["content-type"]) == (content, kind)
    assert given.headers["content-disposition"].startswith("inline" if kind.startswith("image/") else "attachment")
    assert given.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in given.headers["cache-control"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_file_of_no_known_type_is_refused(client: httpx.Client, name: str) -> None:
    assert error(bring(client, UNKNOWN[name], "picture.png", "image/png")) == (415, "unknown_type")


@pytest.mark.parametrize("name", DAMAGED)
def test_a_file_that_cannot_be_decoded_is_refused(client: httpx.Client, name: str) -> None:
    status, code = error(bring(client, DAMAGED[name]))
    assert (status, code) in ((422, "damaged_file"), (422, "unfit_file"))


@pytest.mark.parametrize("name", UNFIT)
def test_a_file_beyond_the_limits_is_refused(client: httpx.Client, name: str) -> None:
    assert error(bring(client, UNFIT[name])) == (422, "unfit_file")


def test_an_empty_file_is_refused(client: httpx.Client) -> None:
    assert error(bring(client, b"")) == (422, "damaged_file")


def test_health_answers_while_bombs_are_looked_at(shop: Served, client: httpx.Client) -> None:
    hostile = [*UNFIT.values(), DAMAGED["png with a text bomb"]] * 2

    def send(content: bytes) -> None:
        with shop.client() as sender:
            bring(sender, content)

    threads = [threading.Thread(target=send, args=(content,)) for content in hostile]
    for thread in threads:
        thread.start()
    worst = 0.0
    while any(thread.is_alive() for thread in threads):
        start = time.monotonic()
        assert client.get("/health").status_code == 200
        worst = max(worst, time.monotonic() - start)
    assert worst < 0.5


def test_the_same_content_twice_is_one_asset(client: httpx.Client) -> None:
    content = picture("PNG", (17, 19))
    first, second = bring(client, content, "one.png"), bring(client, content, "two.png")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert sum(asset["digest"] == first.json()["digest"] for asset in client.get(ASSETS).json()["assets"]) == 1


def test_a_picture_that_is_a_page_as_well_is_given_as_a_picture_only(client: httpx.Client) -> None:
    for content in (
        picture("PNG", (3, 3)) + HTML,
        picture("JPEG", (3, 3), comment=HTML),
        picture("GIF", (3, 3)) + HTML,
    ):
        asset = bring(client, content, "page.html", "text/html").json()
        given = client.get(f"{ASSETS}/{asset['digest']}")
        assert given.headers["content-type"].startswith("image/")
        assert given.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in given.headers["content-security-policy"]
        assert not given.headers["content-disposition"].endswith(".html")


def test_no_name_leads_anywhere(shop: Served, client: httpx.Client) -> None:
    before = {path for path in shop.folder.rglob("*") if "assets" not in path.parts}
    names = (
        "../../../evil",
        "%2e%2e%2f%2e%2e%2fevil",
        "..%5C..%5Cevil",
        "/etc/passwd",
        "a%00b",
        "%E2%80%AEgnp.exe",
        "x" * 2_000,
        "%FF",
    )
    for number, name in enumerate(names):
        asset = bring(client, picture("PNG", (50 + number, 1)), name).json()
        assert asset["name"].endswith(".png")
        assert not set("/\\\0\u202e") & set(asset["name"])
        assert ".." not in asset["name"]
    written = {path for path in shop.folder.rglob("*") if "assets" not in path.parts} - before
    assert not any("evil" in path.name for path in written)


@pytest.mark.parametrize("digest", ["0" * 63, "0" * 65, "Z" * 64, "..", "%2e%2e%2ftoken", "incoming", "0" * 64])
def test_an_asset_that_is_not_there_is_not_found(client: httpx.Client, digest: str) -> None:
    assert client.get(f"{ASSETS}/{digest}").status_code == 404


def test_a_file_that_is_cut_off_while_it_comes_leaves_nothing(shop: Served) -> None:
    head = f"POST {ASSETS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {shop.token}\r\nContent-Length: 1000"
    before = set((shop.data / "assets").iterdir())
    with socket.create_connection(("127.0.0.1", shop.port)) as cut:
        cut.sendall(f"{head}\r\n\r\n".encode() + picture("PNG")[:50])
        _until(lambda: any((shop.data / "assets").glob("incoming/*")))
    _until(lambda: not any((shop.data / "assets").glob("incoming/*")))
    assert set((shop.data / "assets").iterdir()) == before


def _until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_asset_whose_file_was_taken_away_is_not_found_and_can_be_brought_again(
    shop: Served, client: httpx.Client
) -> None:
    content = picture("PNG", (23, 29))
    digest = bring(client, content).json()["digest"]
    (shop.data / "assets" / digest).unlink()
    assert error(client.get(f"{ASSETS}/{digest}")) == (404, "not_found")
    assert bring(client, content).status_code == 200
    assert client.get(f"{ASSETS}/{digest}").content == content


def test_a_node_reads_an_asset_by_its_name(client: httpx.Client) -> None:
    digest = bring(client, picture("PNG", (5, 5))).json()["digest"]
    nodes = {"file": {"type": "NameFile", "params": {"file": f"asset:{digest}"}}}
    document = {"format": "promptograph/1", "nodes": nodes, "outputs": {"name": "file.text"}}
    assert client.post("/api/v1/runs?wait=60", json={"graph": document}).json()["status"] == "done"


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path, catalog="tests.cli.toys:CATALOG") as served, served.client() as client:
        contents = [picture("PNG", (60 + number, 2)) for number in range(10)]
        digests = [bring(client, content).json()["digest"] for content in contents]
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
    with serving(tmp_path, catalog="tests.cli.toys:CATALOG") as served, served.client() as client:
        assert [client.get(f"{ASSETS}/{digest}").content for digest in digests] == contents
