"""The client is light: it knows the document and nothing else of ours."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOREIGN = {"torch", "engine", "nodes", "models", "server", "cli", "fastapi", "starlette", "uvicorn", "sqlalchemy"}


def test_importing_the_client_loads_the_document_and_no_other_part() -> None:
    code = "import client, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert FOREIGN & set(found.stdout.split()) == set()
