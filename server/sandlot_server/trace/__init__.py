"""The SQLite trace: exchanges and changes (history), rows and sites (the durable state)."""
