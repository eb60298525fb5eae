"""GET serverInfo: what clients tell Cloud from Data Center by."""

from __future__ import annotations

from sandlot_server.call import Answer, Call
from sandlot_server.jira.wire import timestamp


def get_server_info(call: Call) -> Answer:
    # An anonymous caller is not told the time.
    clock = {"serverTime": timestamp(call.now)} if call.user is not None else {}
    return Answer(
        200,
        {
            "baseUrl": call.base,
            "displayUrl": call.base,
            "displayUrlServicedeskHelpCenter": call.base,
            "displayUrlCSMHelpSeeker": call.base,
            "displayUrlConfluence": call.base,
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100294,
            "buildDate": "2026-02-27T00:00:00.000+0000",
            **clock,
            "scmInfo": "0" * 40,
            "serverTitle": "Jira",
            "defaultLocale": {"locale": "en_US"},
            "serverTimeZone": "Etc/UTC",
        },
    )


OPERATIONS = {"jira/getServerInfo": get_server_info}
