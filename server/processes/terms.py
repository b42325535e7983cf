"""What the operator decides about workers; seconds and bytes."""

from dataclasses import dataclass
from pathlib import Path

from server.processes.memory import machine_memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms that workers run on. `cpu`, `cuda`, `cuda:1` and `mps` are devices; each has one worker."""

    cache: Path
    data: Path  # assets lie in its folder `assets`
    catalog: str = "nodes:CATALOG"
    devices: tuple[str, ...] = ("cpu",)
    models: tuple[Path, ...] = ()  # folders of model files
    residency: int = 8 << 30  # bytes of models that a worker keeps loaded
    worker_memory: int | None = None  # None: a share of the machine's for each worker
    disk_reserve: int = 256 << 20  # with less free space no run is begun
    heartbeat: float = 5.0
    lease: float = 15.0  # of silence, until a worker is given up
    grace: float = 2.0  # for a cancelled run to stop, until its worker is killed
    look: float = 0.2  # between looks at the memory of workers
    start: float = 60.0  # for a worker to be ready
    checkpoint_every: int = 5  # steps of a sampler

    @property
    def memory(self) -> int:
        """Give the bytes that one worker may use: by default the workers share nine tenths of the machine."""
        return self.worker_memory or machine_memory() * 9 // 10 // max(1, len(self.devices))
