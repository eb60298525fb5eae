"""The commands that run a model: their options, and torch made ready."""

from __future__ import annotations

import os
import warnings

import click

from sandlot_trainer.cli.options import Command

threads_option = click.option(
    "--threads", default=0, help="Threads of a local model's arithmetic; by default the machine's cores."
)


def model_options(command: Command) -> Command:
    model_option = click.option("--model", help="A local folder or a hub id; by default SmolLM2-135M-Instruct.")
    return model_option(threads_option(command))


def prepare_torch(threads: int) -> None:
    """The threads of the arithmetic, and quiet libraries: their progress bars and notes would hide the run's own."""
    warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    if not torch.cuda.is_available():
        os.environ.setdefault("DS_ACCELERATOR", "cpu")
    if threads:
        torch.set_num_threads(threads)
