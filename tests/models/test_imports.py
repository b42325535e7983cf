"""The world needs no torch, and looking at the package needs nothing."""

import subprocess
import sys

import pytest

WORLD = "models.bauklotz.prompts, models.bauklotz.draw, models.bauklotz.split"


@pytest.mark.parametrize("modules", ["models, models.bauklotz", WORLD])
def test_no_torch_is_imported(modules: str) -> None:
    code = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
