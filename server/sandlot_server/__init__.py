"""Sandlot's server: a stateful mock of Jira Cloud and Confluence Cloud that records every exchange."""
