"""A server without its network, to be killed: it runs one graph.

python -m tests.server.processes.program FOLDER LOG [deaf]
"""

import asyncio
import sys
from pathlib import Path

from tests.server.processes.stage import stage


async def main(folder: str, log: str, how: str = "") -> None:
    node = {"type": "Deaf", "params": {"log": log, "holding": True}}
    if how != "deaf":
        node = {"type": "Patient", "params": {"log": log, "steps": 60}}
    async with stage(Path(folder)) as at_work:
        await at_work.ended(await at_work.submit({"a": node}), 60)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
