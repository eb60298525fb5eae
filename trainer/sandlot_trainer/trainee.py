"""The model that a run works on: its weights, its chat form, and a generator over its present weights."""

from __future__ import annotations

import gc
from pathlib import Path

import torch
from transformers import PreTrainedModel

from sandlot_trainer.chat import Chat, chat_for
from sandlot_trainer.generate import Generator
from sandlot_trainer.generate.ragged import RaggedGenerator
from sandlot_trainer.generate.rates import bare_rates
from sandlot_trainer.generate.vllm import VLLMGenerator
from sandlot_trainer.models import load_model
from sandlot_trainer.policies.model import ModelPolicy
from sandlot_trainer.profiles import Profile


class Trainee:
    """The model that a run works on: its tokenizer, its chat form, and a generator over its present weights."""

    def __init__(self, spec: str | None, profile: Profile) -> None:
        self.spec = spec
        self.profile = profile
        self.dtype = getattr(torch, profile.dtype)
        self.device = "cpu" if profile.dtype == "float32" else "cuda"
        self.model, self.tokenizer = load_model(spec, dtype=self.dtype, device=self.device)
        self.chat: Chat = chat_for(self.tokenizer)
        self._generator: Generator | None = None

    @property
    def generator(self) -> Generator:
        if self._generator is None:
            self._generator = generator_for(self.model, self.profile)
        return self._generator

    def policy(self, name: str, temperature: float) -> ModelPolicy:
        self.generator.refresh()
        return ModelPolicy(self.generator, self.chat, name=name, temperature=temperature)

    def replace(self, model: PreTrainedModel) -> None:
        """Go on with other weights."""
        self.close()
        self.model = model

    def restart(self) -> None:
        """Go on with the weights that the run began with."""
        self.replace(load_model(self.spec, dtype=self.dtype, device=self.device)[0])

    def close(self) -> None:
        if self._generator is not None:
            self._generator.close()
            self._generator = None
        gc.collect()


def generator_for(model: PreTrainedModel, profile: Profile) -> Generator:
    return RaggedGenerator(model) if profile.vllm_url is None else VLLMGenerator(profile.vllm_url)


def save(trainee: Trainee, folder: Path) -> None:
    """The trainee's weights and tokenizer, whole or not at all."""
    partial = folder.with_name(folder.name + ".partial")
    trainee.model.save_pretrained(partial)
    trainee.tokenizer.save_pretrained(partial)
    partial.rename(folder)


def load(trainee: Trainee, folder: Path) -> None:
    """Go on with the weights that `save` kept."""
    trainee.replace(load_model(str(folder), dtype=trainee.dtype, device=trainee.device)[0])


def rates(trainee: Trainee) -> dict[str, float]:
    """The bare rates of the model on this machine, beside which ours are reported; none for a GPU server's model."""
    return bare_rates(trainee.model) if trainee.profile.vllm_url is None else {}
