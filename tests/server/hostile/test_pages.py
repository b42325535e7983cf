"""A page of another origin in a real browser does nothing to a server, though the person is logged in there.

Guarantees
1. Forms, fetches, images, sockets and frames of another origin change nothing and read nothing.
2. A name that was rebound to the server's address reaches nothing.
3. The same actions work from the server's own page: the cookie is there, and a test of these can fail.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page

from tests.server.hostile.conftest import kept
from tests.server.hostile.pages import FETCH, FORM, FRAME, IMAGE, SOCKET, chromium, other_origin, told
from tests.server.hostile.rows import OK_DOCUMENT
from tests.server.served import Served, serving
from tests.server.values.files import picture

JSON = "application/json"
SAVE = json.dumps({"document": OK_DOCUMENT, "name": "from a page"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
SIMPLE = (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Stage:
    """A server, a person's browser that is logged in to it, and pages elsewhere in the same browser."""

    served: Served
    context: BrowserContext
    own: Page
    foreign: Page  # another port of the same host, where SameSite cookies go along
    distant: Page  # another site altogether
    rebound: Page  # a name that leads to the server itself
    image: str

    @property
    def evil(self) -> tuple[Page, ...]:
        return self.foreign, self.distant

    def url(self, path: str) -> str:
        return self.served.url + path


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Open the pages: the person is logged in, and has a picture and a graph there."""
    with (
        chromium() as browser,
        serving(tmp_path_factory.mktemp("pages")) as served,
        other_origin() as port,
        served.client() as client,
    ):
        asset = client.post("/api/v1/assets", content=picture("PNG", (9, 9))).json()
        client.post("/api/v1/graphs", json={"document": OK_DOCUMENT, "name": "private name"})
        context = browser.new_context()
        pages = [context.new_page() for _ in range(4)]
        own, foreign, distant, rebound = pages
        own.goto(f"{served.url}/#token={served.token}")
        own.wait_for_function("() => fetch('/api/v1/session').then(answer => answer.ok)")
        foreign.goto(f"http://127.0.0.1:{port}/")
        distant.goto(f"http://other.test:{port}/")
        yield Stage(served, context, own, foreign, distant, rebound, f"/api/v1/assets/{asset['digest']}")


@contextmanager
def unchanged(stage: Stage) -> Iterator[None]:
    """Look at all that the server keeps, before and after."""
    with stage.served.client() as client:
        before = kept(client)
        yield
        time.sleep(0.2)
        after = kept(client)
        client.post("/api/v1/queue/resume")  # so that the next test sees its own effect
        assert after == before


def graphs(stage: Stage) -> int:
    with stage.served.client() as client:
        return len(client.get("/api/v1/graphs?limit=200").json()["graphs"])


def paused(client: httpx.Client) -> bool:
    return bool(client.get("/api/v1/queue").json()["paused"])


def test_the_own_page_can_do_all_of_it(stage: Stage) -> None:
    own, count = stage.own, graphs(stage)
    assert own.evaluate("document.cookie") == ""  # HttpOnly
    assert len(stage.context.cookies(stage.served.url)) == 1
    said = told(own, FETCH, stage.url("/api/v1/graphs"), "POST", "cors", "same-origin", JSON, SAVE)
    assert (said[0], said[1], graphs(stage)) == ("basic", 201, count + 1)
    with stage.served.client() as client:
        said = told(own, FETCH, stage.url("/api/v1/queue/pause"), "POST", "cors", "same-origin", None, None)
        assert (said[1], paused(client)) == (200, True)
        said = told(own, FETCH, stage.url("/api/v1/queue/resume"), "POST", "cors", "same-origin", None, None)
        assert (said[1], paused(client)) == (200, False)
    assert "private name" in told(own, FETCH, "/api/v1/graphs", "GET", "cors", "same-origin", None, None)[2]
    assert told(own, IMAGE, stage.url(stage.image)) == "loaded 9"
    assert told(own, SOCKET, stage.url("/api/v1/ws").replace("http", "ws")) == "welcome"


def test_scripts_of_the_test_reach_a_server_that_lets_them(stage: Stage) -> None:
    """A server that guards nothing takes what the foreign page sends: the ways are open, and it is we who refuse."""
    heard: list[str] = []
    with other_origin(heard) as port:
        there = f"http://127.0.0.1:{port}/"
        assert told(stage.foreign, FETCH, there, "GET", "no-cors", "include", None, None)[0] == "opaque"
        for kind in FORMS:
            assert told(stage.foreign, FORM, there, kind, "a", "b") == "sent"
        told(stage.foreign, FETCH, there, "POST", "no-cors", "include", "text/plain", SAVE)
    assert [kind.partition(";")[0] for kind in heard] == [*FORMS, "text/plain"]


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_of_another_origin_changes_nothing(stage: Stage, kind: str) -> None:
    # As text/plain, a form's name and value around the "=" make a body that is JSON.
    name, _, value = SAVE.replace('"from a page"', '"a=b"').partition("=")
    with unchanged(stage):
        for page in stage.evil:
            told(page, FORM, stage.url("/api/v1/graphs"), kind, name, value)
            told(page, FORM, stage.url("/api/v1/queue/pause"), kind, "a", "b")
            told(page, FORM, stage.url("/api/v1/queue/cancel"), kind, "a", "b")


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
@pytest.mark.parametrize("kind", [*SIMPLE, JSON])
def test_a_fetch_of_another_origin_changes_and_reads_nothing(stage: Stage, kind: str | None, mode: str) -> None:
    with unchanged(stage):
        for page in stage.evil:
            for path, body in (("graphs", SAVE), ("runs", json.dumps({"graph": OK_DOCUMENT})), ("queue/pause", "")):
                said = told(page, FETCH, stage.url(f"/api/v1/{path}"), "POST", mode, "include", kind, body)
                assert said[0] in ("threw", "opaque")
                assert said[1] == 0
                assert "error" not in said[2] or "TypeError" in said[2]


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
@pytest.mark.parametrize("path", ["/", "/health", "/api/v1/graphs", "/api/v1/openapi.json", "/static/start.js"])
def test_a_page_of_another_origin_reads_nothing(stage: Stage, path: str, mode: str) -> None:
    for page in stage.evil:
        said = told(page, FETCH, stage.url(path), "GET", mode, "include", None, None)
        assert (said[0], said[1]) in (("threw", 0), ("opaque", 0))
        assert said[0] == "threw" or said[2] == ""


def test_methods_that_are_not_simple_never_arrive(stage: Stage) -> None:
    with unchanged(stage):
        for page in stage.evil:
            for method in ("PUT", "PATCH", "DELETE"):
                said = told(page, FETCH, stage.url("/api/v1/session"), method, "cors", "include", JSON, "{}")
                assert said[0] == "threw"


def test_an_image_of_another_origin_shows_nothing(stage: Stage) -> None:
    for page in stage.evil:
        for path in (stage.image, "/static/favicon.svg"):
            assert told(page, IMAGE, stage.url(path)) == "failed"


def test_a_socket_of_another_origin_is_refused(stage: Stage) -> None:
    address = stage.url("/api/v1/ws").replace("http", "ws")
    for page in stage.evil:
        for query in ("", f"?token={stage.served.token}"):  # even one that knows the token
            assert told(page, SOCKET, address + query) in ("failed", "closed 1006")


def test_the_page_is_shown_in_no_frame(stage: Stage) -> None:
    for page in stage.evil:
        told(page, FRAME, stage.url("/"))
        inner = [frame for frame in page.frames if frame.url.startswith(stage.served.url)]
        assert [frame.title() for frame in inner if "Promptograph" in frame.content()] == []
    top = stage.context.new_page()
    top.goto(stage.url("/"))
    assert top.title() == "Promptograph"  # as it is shown where it may be
    top.close()


def test_a_name_that_was_rebound_reaches_nothing(stage: Stage) -> None:
    page, there = stage.rebound, f"http://evil.test:{stage.served.port}"
    # The page came from elsewhere before its name was rebound, so that no policy of ours holds it back.
    page.route(f"{there}/attack", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto(f"{there}/attack")
    with unchanged(stage):
        for path, method, body in (
            ("/api/v1/graphs", "GET", None), ("/api/v1/graphs", "POST", SAVE), ("/api/v1/queue/pause", "POST", ""),
            ("/health", "GET", None), ("/", "GET", None),
            ("/api/v1/session", "POST", json.dumps({"token": stage.served.token})),
        ):  # fmt: skip
            said = told(page, FETCH, there + path, method, "cors", "include", JSON if body else None, body)
            assert said[1] == 421, said
            assert json.loads(said[2])["error"]["code"] == "wrong_host"
        address = there.replace("http", "ws")
        assert told(page, SOCKET, f"{address}/api/v1/ws?token={stage.served.token}") in ("failed", "closed 1006")
        assert told(page, IMAGE, there + stage.image) == "failed"
        told(page, FORM, f"{there}/api/v1/queue/pause", "text/plain", "a", "b")


def test_the_person_is_still_logged_in_after_all_that(stage: Stage) -> None:
    assert told(stage.own, FETCH, "/api/v1/session", "GET", "cors", "same-origin", None, None)[1] == 204
