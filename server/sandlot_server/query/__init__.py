"""The query languages: JQL and CQL, from their text to the rows they name."""
