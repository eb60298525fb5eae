"""The contract: what the server serves, read from `openapi/` and compiled once at start."""
