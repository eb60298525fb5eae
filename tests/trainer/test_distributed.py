import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKER = Path(__file__).with_name("distributed_worker.py")


def run(folder: Path, port: int, *arguments: str) -> list[list[float]]:
    """The adapter's weights in each of two processes, summed by matrix."""
    launch = ["-m", "torch.distributed.run", "--nproc_per_node", "2", "--master_addr", "127.0.0.1"]
    environment = {"DS_ACCELERATOR": "cpu", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, *launch, "--master_port", str(port), str(WORKER), str(folder), *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [
        json.loads(line.removeprefix("adapter ")) for line in done.stdout.splitlines() if line.startswith("adapter")
    ]


@pytest.mark.long
def test_two_processes_agree_with_and_without_deepspeed(tmp_path: Path) -> None:
    plain = run(tmp_path / "plain", 29641)
    sharded = run(tmp_path / "sharded", 29642, "2")
    assert len(plain) == len(sharded) == 2
    assert plain[0] == plain[1]
    assert sharded[0] == sharded[1]
    assert plain[0] == pytest.approx(sharded[0], rel=1e-3)
