"""The editor in a real Chromium, against a real server with the embedded models: every spec of web/test/e2e."""

import json
import socket
from pathlib import Path

import pytest

from tests.browser import needed
from tests.web.npm import WEB, npm, said
from tests.web.specs import Spec, specs

FILES = sorted(path.name for path in (WEB / "test" / "e2e").glob("*.spec.ts"))
PASSED = {"expected", "skipped"}

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Spec, ...]:
    """Run the specs of the files that were asked for, in one browser and against one server."""
    folder = tmp_path_factory.mktemp("editor")
    report = folder / "report.json"
    asked = [f"test/e2e/{name}" for name in FILES if any(f"[{name}]" in item.name for item in request.session.items)]
    some = () if request.config.getoption("--full") else ("--grep-invert", "@full")
    done = npm(
        *("run", "e2e", "--", *asked, *some, "--reporter=json"),
        environment={
            "CHROMIUM": str(needed()),
            "E2E_FOLDER": str(folder),
            "E2E_PORT": str(_free_port()),
            "PLAYWRIGHT_JSON_OUTPUT_NAME": str(report),
        },
    )
    assert report.exists(), said(done)
    told = json.loads(report.read_text())
    assert told["errors"] == [], said(done)
    return specs(told)


@pytest.mark.parametrize("file", FILES)
def test_every_spec_of_the_editor_passes(file: str, ran: tuple[Spec, ...]) -> None:
    here = [spec for spec in ran if Path(spec.file).name == file]
    failed = [f"{spec.title}: {spec.status}\n{spec.said}" for spec in here if spec.status not in PASSED]
    assert not failed, "\n\n".join(failed)


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])
