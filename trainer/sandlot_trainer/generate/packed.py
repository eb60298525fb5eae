"""The weights of a Llama-like model as the CPU engine wants them: adapters merged, neighbours fused, linears packed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import torch
from peft import PeftModel
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel

from sandlot_trainer.generate import GenerationError

Linear = Callable[[Tensor], Tensor]
Model: TypeAlias = PreTrainedModel | PeftModel
ARCHITECTURES = ("llama", "qwen2", "qwen3")
_ROPE_TYPES = ("default", "linear", "llama3")


@dataclass(frozen=True)
class Layer:
    """One block. `qkv` gives queries, keys and values side by side, `gate_up` gate and up; `head_norms` are the weights
    of Qwen3's norms over each query's and key's head."""

    input_norm: Tensor
    qkv: Linear
    head_norms: tuple[Tensor, Tensor] | None
    output: Linear
    post_norm: Tensor
    gate_up: Linear
    down: Linear


@dataclass(frozen=True)
class Weights:
    """All of a model. `rope` maps positions [n] to cosines and sines [n, head_dim]."""

    embedding: Tensor
    layers: list[Layer]
    norm: Tensor
    head: Linear
    epsilon: float
    heads: int
    kv_heads: int
    head_dim: int
    max_positions: int
    rope: Callable[[Tensor], tuple[Tensor, Tensor]]


def has_fp16_linears() -> bool:
    """Whether this build of torch has FBGEMM's float16-packed linears and the processor can run them."""
    return "fbgemm" in torch.backends.quantized.supported_engines and hasattr(
        torch.ops.quantized, "linear_prepack_fp16"
    )


def check_architecture(model: Model) -> None:
    """Raise GenerationError unless the engine computes exactly what this model computes."""
    config: Any = _bare(model).config
    rope = (getattr(config, "rope_parameters", None) or {}).get("rope_type", "default")
    lacks = None
    if config.model_type not in ARCHITECTURES:
        lacks = f"the architecture {config.model_type!r}"
    elif config.hidden_act != "silu":
        lacks = f"the activation {config.hidden_act!r}"
    elif rope not in _ROPE_TYPES:
        lacks = f"rotary embeddings of type {rope!r}"
    elif getattr(config, "use_sliding_window", False):
        lacks = "sliding-window attention"
    if lacks:
        raise GenerationError(
            f"The CPU generator does not support {lacks}. It serves {', '.join(ARCHITECTURES)} models with full "
            "attention; for others take the gpu profile, which generates through vLLM."
        )


def read_weights(model: Model, *, fp16: bool) -> Weights:
    """Copy the model's present weights, active adapters merged; `fp16` packs the linears in half precision."""
    base: Any = _bare(model)
    config = base.config
    pack = _pack_fp16 if fp16 else _plain
    with torch.no_grad():
        layers = [_read_layer(block, pack) for block in base.model.layers]
        head = pack(*_weight_and_bias(base.lm_head))
    rotary = base.model.rotary_emb
    sample = torch.zeros(1)

    def rope(positions: Tensor) -> tuple[Tensor, Tensor]:
        cosine, sine = rotary(sample, positions.unsqueeze(0))
        return cosine[0], sine[0]

    return Weights(
        embedding=base.model.embed_tokens.weight.detach().float(),
        layers=layers,
        norm=base.model.norm.weight.detach().float(),
        head=head,
        epsilon=config.rms_norm_eps,
        heads=config.num_attention_heads,
        kv_heads=config.num_key_value_heads,
        head_dim=getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads,
        max_positions=config.max_position_embeddings,
        rope=rope,
    )


def _bare(model: Model) -> PreTrainedModel:
    return cast("PreTrainedModel", model.get_base_model()) if isinstance(model, PeftModel) else model


def _read_layer(block: Any, pack: Callable[[Tensor, Tensor | None], Linear]) -> Layer:
    attention, mlp = block.self_attn, block.mlp
    norms = None
    if hasattr(attention, "q_norm"):
        norms = (attention.q_norm.weight.detach().float(), attention.k_norm.weight.detach().float())
    return Layer(
        input_norm=block.input_layernorm.weight.detach().float(),
        qkv=pack(*_fused(attention.q_proj, attention.k_proj, attention.v_proj)),
        head_norms=norms,
        output=pack(*_weight_and_bias(attention.o_proj)),
        post_norm=block.post_attention_layernorm.weight.detach().float(),
        gate_up=pack(*_fused(mlp.gate_proj, mlp.up_proj)),
        down=pack(*_weight_and_bias(mlp.down_proj)),
    )


def _fused(*modules: nn.Module) -> tuple[Tensor, Tensor | None]:
    weights, biases = zip(*(_weight_and_bias(module) for module in modules), strict=True)
    return torch.cat(weights), None if biases[0] is None else torch.cat(biases)


def _weight_and_bias(module: nn.Module) -> tuple[Tensor, Tensor | None]:
    """The linear's weight [out, in] and bias in float32, with the active LoRA adapters added."""
    linear: Any = module.get_base_layer() if isinstance(module, LoraLayer) else module
    weight = linear.weight.detach().float()
    if isinstance(module, LoraLayer):
        tuner: Any = module
        if not tuner.merged and not tuner.disable_adapters:
            for adapter in tuner.active_adapters:
                if adapter in tuner.lora_A:
                    weight = weight + tuner.get_delta_weight(adapter).detach().float()
    return weight, None if linear.bias is None else linear.bias.detach().float()


def _plain(weight: Tensor, bias: Tensor | None) -> Linear:
    kept = weight.clone()  # training goes on while this copy is sampled from
    return lambda inputs: functional.linear(inputs, kept, bias)


def _pack_fp16(weight: Tensor, bias: Tensor | None) -> Linear:
    packed = torch.ops.quantized.linear_prepack_fp16(weight.contiguous(), bias)
    return lambda inputs: cast("Tensor", torch.ops.quantized.linear_dynamic_fp16(inputs, packed))
