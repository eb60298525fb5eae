import torch

from sandlot_trainer.generate.rates import bare_rates
from sandlot_trainer.models import tiny_model, tiny_tokenizer


def test_rates_are_measured_and_leave_no_gradients() -> None:
    torch.set_num_threads(1)
    model = tiny_model(tiny_tokenizer())
    rates = bare_rates(model)
    assert set(rates) == {"decode_8", "decode_16", "update"}
    assert min(rates.values()) > 0
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_frozen_model_is_measured_too_and_stays_frozen() -> None:
    model = tiny_model(tiny_tokenizer())
    model.requires_grad_(False)
    assert bare_rates(model)["update"] > 0
    assert not any(parameter.requires_grad for parameter in model.parameters())
