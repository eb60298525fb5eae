import importlib.util
from pathlib import Path

import pytest
import torch

from sandlot_trainer.models import ModelError, default_model_folder, load_model, tiny_model, tiny_tokenizer


def test_the_tiny_tokenizer_gives_back_every_text() -> None:
    tokenizer = tiny_tokenizer()
    text = 'Zoë said: {"key": "OPS-1"}\n  done\t\N{SNOWMAN}'
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids) == text
    assert max(ids) < len(tokenizer)


def test_tiny_models_of_one_seed_are_equal() -> None:
    tokenizer = tiny_tokenizer()
    first, second = tiny_model(tokenizer, seed=3), tiny_model(tokenizer, seed=3)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))


def test_a_saved_model_loads_again(tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    model = tiny_model(tokenizer)
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    loaded, again = load_model(str(tmp_path))
    ids = torch.tensor([again("hello")["input_ids"]])
    assert torch.equal(loaded(ids).logits, model(ids).logits)
    assert again.padding_side == "left"


def test_an_unknown_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        load_model(str(tmp_path / "nowhere"))


def test_a_missing_default_model_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDLOT_CACHE", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"\[train\]"):
        default_model_folder()
    assert not list(tmp_path.rglob("*SmolLM2*"))
