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
