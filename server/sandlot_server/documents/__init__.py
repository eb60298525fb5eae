"""The three document formats and the ways between them: ADF, Jira wiki markup, Confluence storage format."""
