"""mcp-atlassian's tools for Jira Service Management and for forms, neither of which is served."""

from __future__ import annotations

import pytest

from tests.clients.mcp import Host

DESK = {"service_desk_id": "1"}
REQUEST = {**DESK, "request_type_id": "2"}


def test_queues_are_refused_on_cloud(mcp: Host) -> None:
    """By the tools themselves, before any request."""
    for refused in (
        mcp.refusal("jira_get_service_desk_for_project", project_key="SUP"),
        mcp.refusal("jira_get_service_desk_queues", **DESK),
        mcp.refusal("jira_get_queue_issues", queue_id="1", **DESK),
    ):
        assert "currently implemented for Server/Data Center" in refused


def test_requests_of_customers_are_not_served(mcp: Host) -> None:
    for refused in (
        mcp.refusal("jira_get_request_types", **DESK),
        mcp.refusal("jira_get_request_type_fields", **REQUEST),
        mcp.refusal("jira_create_customer_request", request_field_values='{"summary": "Help"}', **REQUEST),
    ):
        assert "HTTPError" in refused


FORM = {"issue_key": "SUP-1", "form_id": "1"}
ANSWER = {"questionId": "q1", "type": "TEXT", "value": "x"}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("jira_get_issue_proforma_forms", {"issue_key": "SUP-1"}),
        ("jira_get_proforma_form_details", FORM),
        ("jira_update_proforma_form_answers", {**FORM, "answers": [ANSWER]}),
    ],
)
def test_forms_need_the_gateway(mcp: Host, tool: str, arguments: dict[str, object]) -> None:
    """They are called at api.atlassian.com, by the id of the site."""
    refused = mcp.call(tool, **arguments)
    assert (refused["success"], refused["error"][:31]) == (False, "Forms API requires a cloud_id. ")
