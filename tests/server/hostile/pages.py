"""A page in a real Chromium, and what it can be made to do to a server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser import needed

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
    # A browser of today would hold some of it back by itself; an older one does not.
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights",
    "--host-resolver-rules=MAP evil.test 127.0.0.1, MAP other.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; a machine without one fails, unless it says that it has none."""
    path = needed()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), headless=True)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def other_origin(heard: list[str] | None = None) -> Iterator[int]:
    """Serve an empty page to everybody, and give the port; `heard` gets the types of what is posted."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = b"<!doctype html><title>evil</title><body></body>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if heard is not None:
                heard.append(self.headers["Content-Type"])
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def told(page: Page, script: str, *words: Any) -> Any:
    """Run a script in a page, and give what it says, or the name of what it threw."""
    try:
        return page.evaluate(script, list(words))
    except Error as error:
        return f"threw: {str(error).splitlines()[0]}"


# Each gives what the page could learn. A document that is saved or run is an effect that the server shows.

FETCH = """async ([url, method, mode, credentials, type, body]) => {
  const headers = type === null ? {} : {"Content-Type": type};
  try {
    const answer = await fetch(url, {method, mode, credentials, headers, body: body ?? undefined});
    return [answer.type, answer.status, await answer.text()];
  } catch (error) { return ["threw", 0, String(error)]; }
}"""

FORM = """([url, enctype, name, value]) => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.name = "sink" + Math.random();
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, {action: url, method: "POST", enctype, target: frame.name});
  const field = document.createElement("textarea");
  Object.assign(field, {name, value});
  form.append(field);
  document.body.append(form);
  frame.addEventListener("load", () => setTimeout(() => done("sent"), 50));
  setTimeout(() => done("no answer"), 3000);
  form.submit();
})"""

IMAGE = """([url]) => new Promise(done => {
  const image = new Image();
  image.onload = () => done(`loaded ${image.naturalWidth}`);
  image.onerror = () => done("failed");
  setTimeout(() => done("no answer"), 3000);
  image.src = url;
})"""

SOCKET = """([url]) => new Promise(done => {
  const socket = new WebSocket(url);
  socket.onmessage = event => { done(JSON.parse(event.data).type); socket.close(); };
  socket.onerror = () => done("failed");
  socket.onclose = event => done(`closed ${event.code}`);
  setTimeout(() => done("no answer"), 3000);
})"""

FRAME = """([url]) => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.onload = () => setTimeout(() => {
    try { done(frame.contentDocument === null ? "foreign" : frame.contentDocument.title); }
    catch (error) { done("foreign"); }
  }, 100);
  setTimeout(() => done("no answer"), 3000);
  frame.src = url;
  document.body.append(frame);
})"""
