"""Refuse to build a wheel without the editor, or with an editor that is older than its sources; needs no Node."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface[Any]):
    """Looks at server/static before a wheel is made; an editable install may have an older bundle."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise where the bundle is not what the wheel should carry."""
        if version == "editable":
            return
        complaint = runpy.run_path(str(Path(self.root, "web", "scripts", "stamp.py")))["complaint"]
        wrong = complaint(Path(self.root))
        if wrong is not None:
            raise RuntimeError(wrong)
