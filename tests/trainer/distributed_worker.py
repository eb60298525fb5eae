"""Run by torchrun in test_distributed.py: a few steps of GRPO on made-up rollouts; prints the adapter's weights.

In every step one of the two processes has nothing to learn from, and still has to take part.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import deepspeed.ops
import torch

from sandlot_trainer.grpo import Rollout, Row, build_trainer
from sandlot_trainer.models import tiny_model, tiny_tokenizer
from sandlot_trainer.profiles import CPU


def main(folder: Path, zero_stage: int | None) -> None:
    torch.set_num_threads(1)
    deepspeed.ops.__compatible_ops__["deepspeed_shm_comm"] = False  # it would be compiled here
    rank = int(os.environ["RANK"])

    def rollout(rows: Sequence[Row], step: int) -> list[Rollout]:
        draws = random.Random(100 * step + rank)
        episodes = []
        for row in rows:
            ids = [draws.randrange(3, 250) for _ in range(draws.randint(4, 9))]
            reward = 0.2 if (rank + step) % 2 == 0 else draws.random()
            episodes.append(Rollout(row["prompt"], ids, [-5.0] * len(ids), [1] * len(ids), reward))
        return episodes

    tokenizer = tiny_tokenizer()
    trainer = build_trainer(
        tiny_model(tokenizer),
        tokenizer,
        replace(CPU, bf16=False, generations=4, groups=2, updates=1, learning_rate=1e-2, zero_stage=zero_stage),
        rollout,
        [{"prompt": [5 + index] * 10} for index in range(8)],
        folder,
        steps=4,
    )
    trainer.train()
    sums = [float(value.detach().abs().sum()) for value in trainer.model.parameters() if value.requires_grad]
    print("adapter", json.dumps(sums), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
