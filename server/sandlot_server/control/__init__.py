"""The control plane: seeds, sites, traces and episodes, on a port of its own that no agent is given."""
