from __future__ import annotations

import pytest

from sandlot_trainer.scenarios.primer import KINDS, PRIMER


def test_no_primer_creates_a_page() -> None:
    for kind in KINDS:
        assert not any(operation.endswith(("/createPage", "/createContent")) for operation in kind.operations)


def test_a_task_is_the_same_each_time_and_another_at_another_place() -> None:
    assert PRIMER.task(1, "train", 3) == PRIMER.task(1, "train", 3)
    assert PRIMER.task(1, "train", 3).world != PRIMER.task(1, "train", 4).world


def test_an_instruction_names_what_its_solution_needs() -> None:
    for index in range(40):
        task = PRIMER.task(1, "train", index)
        assert "{" not in task.instruction
        if "confluence/getPages" in task.operations:
            assert f'"{task.facts["page"]}"' in task.instruction


def test_primers_are_there_to_learn_from_alone() -> None:
    with pytest.raises(ValueError, match="the split train alone"):
        PRIMER.task(1, "test", 0)
    with pytest.raises(ValueError, match="levels"):
        PRIMER.task(2, "train", 0)
