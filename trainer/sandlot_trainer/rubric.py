"""The verifiable reward: a rubric is compiled from an oracle's trace, and a trace is scored against it."""

from sandlot_trainer.compiler import compile_rubric
from sandlot_trainer.goals import Argument, Goal, Item, Rubric, RubricError
from sandlot_trainer.judging import Line
from sandlot_trainer.scoring import Score, score

__all__ = ["Argument", "Goal", "Item", "Line", "Rubric", "RubricError", "Score", "compile_rubric", "score"]
