"""Training profiles: what a machine can do, as data, and the TRL arguments that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


def has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 itself (AVX-512 BF16, AMX): then about twice as fast as float32, and
    without the instructions a hundred times slower."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


@dataclass(frozen=True)
class Profile:
    """A way to train. One process takes `groups` tasks a step, each attempted `generations` times, all of them in
    flight together, and makes `updates` optimizer updates from them, each from an equal share of the groups.

    `learning_rate` goes with LoRA of `rank` and `alpha` on all linear layers but the head; it holds, then falls to a
    tenth over the last `decay` of the updates: held to the end, it broke a policy that was nearly there. `epsilon` and
    `epsilon_high` clip the probability ratio, wider upwards (DAPO). `bf16`: supervised and policy updates multiply in
    bfloat16. `model`: None for the default one. `vllm_url`: the vLLM server that generates; None: the CPU generator.
    `zero_stage`: DeepSpeed's, None without it.
    """

    name: str
    model: str | None
    dtype: str
    bf16: bool
    groups: int = 8
    generations: int = 4
    updates: int = 8
    learning_rate: float = 4e-4
    decay: float = 0.4
    rank: int = 16
    alpha: int = 32
    epsilon: float = 0.2
    epsilon_high: float = 0.28
    temperature: float = 1.0
    max_grad_norm: float = 0.2
    vllm_url: str | None = None
    zero_stage: int | None = None
    gradient_checkpointing: bool = False


CPU = Profile(name="cpu", model=None, dtype="float32", bf16=has_bf16())
GPU = Profile(
    name="gpu",
    model="Qwen/Qwen3-1.7B",
    dtype="bfloat16",
    bf16=True,
    groups=4,
    generations=8,
    updates=1,
    learning_rate=5e-5,
    rank=32,
    alpha=64,
    vllm_url="http://127.0.0.1:8000",
    zero_stage=2,
    gradient_checkpointing=True,
)
PROFILES = {profile.name: profile for profile in (CPU, GPU)}


def grpo_arguments(profile: Profile, output_dir: Path, *, steps: int, seed: int, save_steps: int) -> dict[str, Any]:
    """The keyword arguments of TRL's GRPOConfig, which counts optimizer updates where we count steps. A device batch is
    one group, accumulated over an update's groups."""
    gpu = profile.dtype == "bfloat16"
    updates = steps * profile.updates
    arguments: dict[str, Any] = {
        "output_dir": str(output_dir),
        "max_steps": updates,
        "seed": seed,
        "save_steps": save_steps * profile.updates,
        "save_total_limit": 2,
        "logging_steps": profile.updates,
        "report_to": "none",
        "disable_tqdm": True,
        "remove_unused_columns": False,
        "shuffle_dataset": False,
        "per_device_train_batch_size": profile.generations,
        "gradient_accumulation_steps": profile.groups // profile.updates,
        "steps_per_generation": profile.groups,
        "num_generations": profile.generations,
        "num_iterations": 1,
        "temperature": profile.temperature,
        "loss_type": "dapo",
        "beta": 0.0,
        "epsilon": profile.epsilon,
        "epsilon_high": profile.epsilon_high,
        "scale_rewards": "group",
        "learning_rate": profile.learning_rate,
        "lr_scheduler_type": "warmup_stable_decay",
        "lr_scheduler_kwargs": {"num_decay_steps": round(updates * profile.decay), "min_lr_ratio": 0.1},
        "max_grad_norm": profile.max_grad_norm,
        "bf16": profile.bf16,
        "use_cpu": not gpu,
        "activation_checkpointing": profile.gradient_checkpointing,
    }
    if profile.vllm_url is not None:
        arguments |= {
            "use_vllm": True,
            "vllm_mode": "server",
            "vllm_server_base_url": profile.vllm_url,
            # The sampler's log-probabilities are the old ones; TRL's correction would score every row a second time.
            "vllm_importance_sampling_correction": False,
        }
    if profile.zero_stage is not None:
        arguments["deepspeed"] = deepspeed_settings(profile.zero_stage)
    return arguments


def deepspeed_settings(stage: int) -> dict[str, Any]:
    """DeepSpeed's configuration; "auto" is filled in from the training arguments."""
    return {
        "train_batch_size": "auto",
        "train_micro_batch_size_per_gpu": "auto",
        "gradient_accumulation_steps": "auto",
        "gradient_clipping": "auto",
        "bf16": {"enabled": "auto"},
        "zero_optimization": {
            "stage": stage,
            "overlap_comm": True,
            "contiguous_gradients": True,
            "reduce_scatter": True,
            "allgather_partitions": True,
        },
    }
