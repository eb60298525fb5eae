"""Sandlot's trainer: tasks, rewards, episodes, evaluation and training over HTTP."""
