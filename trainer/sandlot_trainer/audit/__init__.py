"""The audit of the rewards: bad agents derived from each task's own reference solution, run for real, and each to be
scored as what it did deserves."""
