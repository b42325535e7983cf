"""What all tests of the embedded models share: one thread, as they are trained and measured with."""

import pytest
import torch


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
