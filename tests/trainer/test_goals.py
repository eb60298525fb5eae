"""Goals of every kind, from traces written by hand: edits, transitions, sets, deletions, rows that name new
rows."""

from __future__ import annotations

import pytest

from sandlot_trainer.rubric import Rubric, compile_rubric, score
from tests.trainer.issue_site import IssueSite
from tests.trainer.traces import TABLES, NamedTask, PageSite, Recorder


def rubric(instruction: str, site: Recorder) -> Rubric:
    compiled = compile_rubric(NamedTask("task", instruction), TABLES, site.trace)
    assert score(compiled, site.trace).reward == 1.0
    return compiled


def test_transition_wants_the_status_and_its_id_read() -> None:
    oracle = IssueSite()
    oracle.read_transitions()
    oracle.transition()
    wanted = rubric("Finish OPS-1.", oracle)
    (goal,) = wanted.goals
    assert goal.name == "issue:11"
    assert [(item.kind, item.wanted) for item in goal.items] == [
        ("row", "update"),
        ("target", "11"),
        ("ref", "3"),
    ]
    assert goal.items[2].argument is not None
    assert goal.items[2].argument.path == "body.transition.id"

    guessed = IssueSite()
    guessed.transition()
    result = score(wanted, guessed.trace)
    assert [(line.right, line.proven) for line in result.lines] == [(True, True), (True, True), (True, False)]
    assert 0 < result.reward < 0.9
    # That the named issue was moved somewhere is worth no more than having named it.
    assert [line.credit for line in result.lines] == [0.0, 1.0, 0.0]

    elsewhere = IssueSite()
    elsewhere.read_transitions("OPS-2")
    elsewhere.transition(key="OPS-2")
    missed = score(wanted, elsewhere.trace)
    assert missed.collateral == ("update issue:12",)
    assert missed.reward < result.reward


def test_edit_of_several_fields_is_paid_by_leaf_and_by_argument() -> None:
    oracle = IssueSite()
    oracle.read("OPS-2")
    oracle.edit(summary="Valve sticks", labels=["wet", "urgent"])
    wanted = rubric('Give OPS-1 the summary of OPS-2 and the label "urgent".', oracle)
    half = IssueSite()
    half.edit(labels=["urgent", "wet"])
    lost = IssueSite()
    lost.edit(labels=["urgent"])
    refused = IssueSite()
    refused.edit(labels=["urgent", "wet"], refuse=True)
    figures = [score(wanted, site.trace) for site in (half, lost, refused)]
    assert figures[0].reward > figures[1].reward > 0
    assert figures[0].reward > figures[2].reward > 0
    assert figures[1].collateral == ("update issue:11 labels 'wet'",)


def test_set_has_no_order_and_no_extra_elements() -> None:
    oracle = IssueSite()
    oracle.edit(labels=["b", "a"])
    wanted = rubric("Label OPS-1 with a and b, nothing else.", oracle)
    assert {item.kind for item in wanted.goals[0].items} == {"row", "target", "element", "removed"}
    same, more = IssueSite(), IssueSite()
    same.edit(labels=["a", "b"])
    more.edit(labels=["a", "b", "c"])
    assert score(wanted, same.trace).reward == 1.0
    assert score(wanted, more.trace).collateral == ("update issue:11 labels 'c'",)


def test_emptied_column_and_deletion_are_goals() -> None:
    oracle = IssueSite()
    oracle.edit(assignee=None)
    oracle.remove("OPS-2")
    wanted = rubric("Unassign OPS-1 and delete OPS-2.", oracle)
    assert score(wanted, IssueSite().trace).reward == 0.0
    half = IssueSite()
    half.remove("OPS-2")
    swapped = IssueSite()
    swapped.remove("OPS-1")
    assert 0 < score(wanted, half.trace).reward < 0.9
    assert score(wanted, swapped.trace).reward == 0.0


def test_new_rows_are_bound_by_structure_not_by_id() -> None:
    def build(order: list[str], text: str | None = None) -> IssueSite:
        site = IssueSite()
        site.next_id += 7 if text else 0
        made = {summary: site.create(summary) for summary in order}
        id, key = made["Roof drips"]
        site.comment(key, id, f"See {key}")
        if text:
            site.remove(site.create("Spurious")[1])
        return site

    wanted = rubric(
        'Create bugs "Roof drips" and "Door jams" in OPS. Comment "See" and its key on the former.',
        build(["Roof drips", "Door jams"]),
    )
    comment = next(goal for goal in wanted.goals if goal.table == "comment")
    symbols = [item.wanted for item in comment.items if isinstance(item.wanted, dict)]
    assert symbols == [{"new": "issue#0"}, {"new": "issue#0", "column": "key"}]
    assert score(wanted, build(["Door jams", "Roof drips"], "other ids").trace).reward == 1.0

    wrong = IssueSite()
    wrong.create("Roof drips")
    id, key = wrong.create("Door jams")
    wrong.comment(key, id, f"See {key}")
    result = score(wanted, wrong.trace)
    assert 0 < result.reward < 0.9
    assert not result.collateral


def test_title_made_from_a_new_key_is_symbolic() -> None:
    def build(skip: int) -> IssueSite:
        site = IssueSite()
        site.next_id += skip
        _, key = site.create("Roof drips")
        site.edit("OPS-1", summary=f"Blocked by {key} today")
        return site

    wanted = rubric('Create the bug "Roof drips" in OPS and rename OPS-1 "Blocked by KEY today".', build(0))
    assert score(wanted, build(5).trace).reward == 1.0


def test_each_refused_attempt_counts_for_one_goal() -> None:
    oracle = IssueSite()
    oracle.edit("OPS-1", summary="One")
    oracle.edit("OPS-2", summary="Two")
    wanted = rubric("Rename OPS-1 to One and OPS-2 to Two.", oracle)
    one, both, worse = IssueSite(), IssueSite(), IssueSite()
    one.edit("OPS-1", summary="One", refuse=True)
    both.edit("OPS-1", summary="One", refuse=True)
    both.edit("OPS-2", summary="Two", refuse=True)
    worse.edit("OPS-1", summary="One", refuse=True)
    worse.edit("OPS-1", summary="Three", refuse=True)
    figures = [score(wanted, site.trace).reward for site in (one, both, worse)]
    assert figures[1] == pytest.approx(2 * figures[0])
    assert 0 < figures[2] < figures[0]


def test_value_read_may_not_be_replaced_by_the_old_text() -> None:
    pages = {"7": {"id": "7", "title": "Plan", "body": "<p>Ship in May</p>", "space": "1", "status": "current"}}

    def build(text: str) -> Recorder:
        site = Recorder({"page": pages})
        site.call(
            "confluence/getPageById",
            "GET",
            "/wiki/api/v2/pages/7",
            response={"body": {"storage": {"value": "<p>Ship in May</p>"}}},
        )
        change = site.put("page", "7", {**pages["7"], "body": text})
        site.call(
            "confluence/updatePage",
            "PUT",
            "/wiki/api/v2/pages/7",
            request={"body": {"value": text}},
            changes=[change],
        )
        return site

    wanted = rubric('Page 7 shall say "Ship in June".', build("<p>Ship in June</p>"))
    assert score(wanted, build("<h1>Ship in June</h1>").trace).reward == 1.0
    assert score(wanted, build("<p>Ship in May</p><p>Ship in June</p>").trace).reward < 0.9


def test_title_of_words_known_one_by_one_is_known() -> None:
    """Whoever tries a title before looking for it has not seen it whole in an answer, and is right all the same."""

    def build(look: bool) -> Recorder:
        site = Recorder()
        found = {"issues": [{"key": "OPS-4"}]}
        site.call("jira/search", "GET", "/rest/api/3/search/jql", query="jql=x", response=found)
        if look:
            site.call(
                "confluence/getPages",
                "GET",
                "/wiki/api/v2/pages",
                response={"results": [{"title": "OPS-4 Plan"}]},
            )
        change = site.put("page", "9", {"id": "9", "title": "OPS-4 Plan (2)", "status": "current"})
        request = {"title": "OPS-4 Plan (2)"}
        site.call("confluence/createPage", "POST", "/wiki/api/v2/pages", request=request, changes=[change])
        return site

    wanted = rubric('Title: the key of the issue and "Plan"; if that is taken, add "(2)".', build(look=True))
    assert score(wanted, build(look=False).trace).reward == 1.0


def test_texts_of_a_document_stand_each_at_a_place_of_its_own() -> None:
    def build(text: str) -> Recorder:
        site = Recorder()
        fields = {"summary": "High tower falls", "priority": {"name": "High"}}
        site.call("jira/getIssue", "GET", "/rest/api/3/issue/OPS-4", response={"fields": fields})
        change = site.put("page", "9", {"id": "9", "body": text})
        site.call("confluence/createPage", "POST", "/wiki/api/v2/pages", request={"body": text}, changes=[change])
        return site

    wanted = rubric("Write down its summary and priority.", build("<p>High tower falls</p><p>High</p>"))
    assert [item.wanted for item in wanted.goals[0].items[1:]] == ["High tower falls", "High"]
    assert score(wanted, build("<p>Priority: High.</p><p>High tower falls</p>").trace).reward == 1.0
    result = score(wanted, build("<p>High tower falls</p>").trace)
    assert [line.right for line in result.lines] == [True, True, False]


def test_text_that_is_wanted_twice_must_stand_twice() -> None:
    def build(text: str) -> Recorder:
        site = Recorder()
        fields = {"assignee": {"displayName": "Ada Byron"}, "reporter": {"displayName": "Ada Byron"}}
        site.call("jira/getIssue", "GET", "/rest/api/3/issue/OPS-4", response={"fields": fields})
        change = site.put("page", "9", {"id": "9", "body": text})
        site.call("confluence/createPage", "POST", "/wiki/api/v2/pages", request={"body": text}, changes=[change])
        return site

    wanted = rubric("Write down its assignee and reporter.", build("<p>Ada Byron</p><p>Ada Byron</p>"))
    result = score(wanted, build("<p>Ada Byron</p><p>Ada Someone</p>").trace)
    assert [line.right for line in result.lines] == [True, True, False]
    assert score(wanted, build("<p>By Ada Byron for Ada Byron</p>").trace).reward == 1.0


def test_doing_it_right_beside_doing_it_wrong_never_scores_lower() -> None:
    """Where there is much else to do, one wrong leaf is a small loss: the wrong row beside the right one is none
    greater."""

    def build(*titles: str) -> IssueSite:
        site = IssueSite()
        for key in ("OPS-1", "OPS-2"):
            site.edit(key, labels=["a", "b", "c", "d", "e"])
        for title in titles:
            site.create(title)
        return site

    wanted = rubric('Label OPS-1 and OPS-2 with a, b, c, d and e, and make "One" and "Two".', build("One", "Two"))
    wrong, both = score(wanted, build("One", "Too").trace), score(wanted, build("One", "Two", "Too").trace)
    assert 0.8 < wrong.reward <= both.reward < 0.9
    again = score(wanted, build("Two", "Two").trace)
    assert again.reward <= score(wanted, build("One", "Two", "Two").trace).reward < 0.9


def test_trying_two_ways_never_beats_choosing_one() -> None:
    site = {"page": {"1": {"id": "1", "title": "A", "body": "<p>x</p>"}}}

    def build(*parents: str, read: bool = True) -> Recorder:
        recorder = Recorder(site)
        if read:
            recorder.call("jira/getIssue", "GET", "/rest/api/3/issue/OPS-4", response={"fields": {"summary": "Wet"}})
        found = [{"id": "501"}, {"id": "502"}]
        recorder.call("confluence/getPages", "GET", "/wiki/api/v2/pages", response={"results": found})
        for parent in parents:
            id = recorder.new_id()
            change = recorder.put("page", id, {"id": id, "title": "Plan", "body": "Wet", "parent": parent})
            request = {"title": "Plan", "body": "Wet", "parentId": parent}
            recorder.call("confluence/createPage", "POST", "/wiki/api/v2/pages", request=request, changes=[change])
        return recorder

    wanted = rubric('Make "Plan" with the summary of the issue.', build("501"))
    for read in (True, False):
        right, wrong, both = (
            score(wanted, build(*parents, read=read).trace).reward for parents in (("501",), ("502",), ("501", "502"))
        )
        assert wrong <= both <= (right + wrong) / 2


def test_person_who_is_both_assignee_and_reporter_is_asked_for_once() -> None:
    """The caller becomes the reporter by itself, which is worth little also where the caller was to be assigned."""

    def build(assignee: str | None) -> IssueSite:
        site = IssueSite()
        site.call(
            "jira/findUsers", "GET", "/rest/api/3/user/search", response=[{"accountId": "u7"}, {"accountId": "u8"}]
        )
        row = {"id": "950", "summary": "Pump leaks", "assignee": assignee, "reporter": "u7"}
        change = site.put("issue", "950", row)
        fields = {"summary": "Pump leaks", **({"assignee": {"accountId": assignee}} if assignee else {})}
        site.call("jira/createIssue", "POST", "/rest/api/3/issue", request={"fields": fields}, changes=[change])
        return site

    tables = {"issue": {"columns": {"summary": "text", "assignee": "ref:user", "reporter": "ref:user"}}}
    wanted = compile_rubric(NamedTask("task", 'File "Pump leaks" for me.'), tables, build("u7").trace)
    weights = {item.path: item.weight for item in wanted.goals[0].items}
    assert weights == {"": 0.5, "summary": 1.0, "assignee": 2.0, "reporter": 0.1}
    result = score(wanted, build("u8").trace)
    assert [line.path for line in result.lines if not line.earned] == ["assignee"]


def test_page_label_goes_by_the_page_and_its_name() -> None:
    """A row that the request does not name by its id is known by what the request does name."""

    def build(look: bool, page: str = "7") -> Recorder:
        site = Recorder({"label": {"31": {"id": "31", "content": "7", "prefix": "global", "name": "old"}}})
        site.rows["label"]["32"] = {"id": "32", "content": "8", "prefix": "global", "name": "old"}
        if look:
            found = {"results": [{"id": "7"}, {"id": "8"}]}
            site.call("confluence/getPages", "GET", "/wiki/api/v2/pages", query="title=Plan", response=found)
        change = site.put("label", "31" if page == "7" else "32", None)
        path = f"/wiki/rest/api/content/{page}/label/old"
        site.call("confluence-v1/removeLabelFromContent", "DELETE", path, status=204, changes=[change])
        return site

    wanted = rubric('Take the label "old" off the page "Plan".', build(look=True))
    assert [(item.kind, item.weight) for item in wanted.goals[0].items] == [("row", 0.5), ("target", 2.0)]
    assert score(wanted, build(look=False).trace).reward == 0.0
    assert score(wanted, build(look=True, page="8").trace).reward == 0.0


def test_rows_that_follow_from_a_deletion_weigh_little() -> None:
    site = IssueSite()
    site.comment("OPS-1", "11", "Seen")
    comment = next(iter(site.rows["comment"]))
    changes = [site.put("comment", comment, None), site.put("issue", "11", None)]
    oracle = IssueSite()
    oracle.rows = site.rows
    oracle.call("jira/deleteIssue", "DELETE", "/rest/api/3/issue/OPS-1", status=204, changes=changes)
    wanted = rubric("Delete OPS-1.", oracle)
    assert {goal.table: goal.items[1].weight for goal in wanted.goals} == {"comment": 0.1, "issue": 1.0}


def build_two_steps(first: str = "21", read: bool = True, comment: bool = True) -> IssueSite:
    site = IssueSite()
    if read:
        site.read_transitions()
    site.transition(first, status="2")
    if not read:
        site.read_transitions()
    site.transition("31", status="3")
    if comment:
        site.comment("OPS-1", "11", "Done with it")
    return site


def test_transition_on_the_way_has_to_be_known_too() -> None:
    wanted = rubric('Finish OPS-1 and comment "Done with it".', build_two_steps())
    update = next(goal for goal in wanted.goals if goal.table == "issue")
    assert [(item.kind, item.wanted) for item in update.items] == [("row", "update"), ("target", "11"), ("ref", "3")]
    assert update.items[0].needs == ("21",)
    assert update.items[2].argument is not None
    assert update.items[2].argument.sent == "31"
    guessed = score(wanted, build_two_steps(read=False).trace)
    assert next((line.kind, line.earned) for line in guessed.lines if line.goal == "issue:11") == ("row", False)
    assert not guessed.success
    assert score(wanted, build_two_steps(first="41").trace).reward == 1.0


def test_setting_by_another_call_what_the_last_call_did_not_set() -> None:
    """The status is that of the transition that set it, also where a later call touched the issue."""
    site = build_two_steps(comment=False)
    site.edit("OPS-1", summary="Pump leaks no more")
    wanted = rubric('Finish OPS-1 and call it "Pump leaks no more".', site)
    (status,) = (item for item in wanted.goals[0].items if item.path == "status")
    assert status.argument is not None
    assert (status.argument.operation, status.argument.sent) == ("jira/doTransition", "31")


def test_issue_named_by_its_key_is_known_by_its_key_alone() -> None:
    """A guess at something else in the same call is no guess at the issue."""
    oracle = IssueSite()
    oracle.edit("OPS-1", summary="Pump is dry")
    wanted = rubric('Call OPS-1 "Pump is dry".', oracle)
    agent = IssueSite()
    agent.assign("OPS-1", "u9")
    agent.assign("OPS-1", "u1")
    agent.edit("OPS-1", summary="Pump is dry")
    assert score(wanted, agent.trace).reward == 1.0


def test_change_that_a_refused_attempt_outdoes_is_not_one_that_nobody_asked_for() -> None:
    oracle = IssueSite()
    oracle.edit("OPS-1", summary="Pump is dry", labels=["dry", "old"])
    wanted = rubric('Call OPS-1 "Pump is dry" and label it dry and old, nothing else.', oracle)
    bad, better = IssueSite(), IssueSite()
    for site in (bad, better):
        site.edit("OPS-1", summary="Pump is wet")
    better.edit("OPS-1", refuse=True, summary="Pump is dry", labels=["dry", "old"])
    assert score(wanted, better.trace).reward > score(wanted, bad.trace).reward
    assert score(wanted, better.trace).collateral == ()


def test_document_may_be_a_part_of_what_was_read() -> None:
    def build(read: bool) -> IssueSite:
        site = IssueSite()
        if read:
            body = {"storage": {"value": "<p>Rules first.</p><p>Comment: It is dry again.</p>"}}
            site.call("confluence/getPageById", "GET", "/wiki/api/v2/pages/7", response={"body": body})
        site.comment("OPS-1", "11", "It is dry again.")
        return site

    wanted = rubric("Comment on OPS-1 as page 7 says.", build(read=True))
    assert wanted.unexplained == ()
    assert [(item.kind, item.weight) for item in wanted.goals[0].items][-1] == ("piece", 2.0)
    assert 0 < score(wanted, build(read=False).trace).reward < 0.9


def test_key_that_the_request_chose_is_a_value_like_any_other() -> None:
    """A new issue's key is the server's choice, a new space's key is not."""

    def build(key: str) -> Recorder:
        site = Recorder()
        change = site.put("space", "9", {"id": "9", "key": key, "name": "Tools"})
        request = {"key": key, "name": "Tools"}
        site.call("confluence/createSpace", "POST", "/wiki/api/v2/spaces", request=request, changes=[change])
        return site

    wanted = rubric("Make the space Tools with the key TOOL.", build("TOOL"))
    result = score(wanted, build("TOLL").trace)
    assert [line.right for line in result.lines if line.path == "key"] == [False]
    assert 0 < result.reward < 0.9


def test_refused_attempt_takes_nothing_from_what_hangs_on_an_accepted_one() -> None:
    def build(*tries: tuple[str, bool]) -> IssueSite:
        site = IssueSite()
        for summary, refuse in tries:
            id, key = site.create(summary, "Wet floor", priority="2")
            site.comment(key, id, "Seen") if not refuse else site.refuse_last()
        return site

    wanted = rubric(
        'Make a bug "Roof drips", text "Wet floor", and comment "Seen" on it.', build(("Roof drips", False))
    )
    wrong = score(wanted, build(("Roof leaks", False)).trace)
    both = score(wanted, build(("Roof leaks", False), ("Roof drips", True)).trace)
    assert both.reward >= wrong.reward > 0
    assert not both.collateral


def test_rank_follows_from_the_issue_that_is_named_with_it() -> None:
    def ranked(before: str = "OPS-2", read: bool = True) -> IssueSite:
        site = IssueSite()
        if read:
            site.read("OPS-2")
        request = {"issues": ["OPS-1"], "rankBeforeIssue": before}
        changes = [site.put("issue", "11", {**site.rows["issue"]["11"], "customfield_10019": "0|i:"})]
        place = ("jira-software/rankIssues", "PUT", "/rest/agile/1.0/issue/rank")
        site.call(*place, request=request, status=204, changes=changes)
        return site

    wanted = rubric('Rank OPS-1 before "Valve sticks".', searched(ranked()))
    (goal,) = wanted.goals
    rank = goal.items[2]
    assert (rank.path, rank.kind, rank.argument and rank.argument.path) == (
        "customfield_10019",
        "ref",
        "body.rankBeforeIssue",
    )
    guessed = score(wanted, ranked(read=False).trace)
    assert [(line.right, line.proven) for line in guessed.lines][2] == (True, False)
    assert guessed.reward < 0.9
    by_id = score(wanted, ranked("12", read=False).trace)
    assert not by_id.success
    assert score(wanted, searched(ranked("12")).trace).success


def test_guess_at_what_the_oracle_passed_through_is_a_guess_by_any_name() -> None:
    def estimated(board: str, read: bool = True) -> IssueSite:
        site = IssueSite()
        if read:
            boards = {"values": [{"id": 3, "name": "Plan"}]}
            site.call("jira-software/getAllBoards", "GET", "/rest/agile/1.0/board", response=boards)
        changes = [site.put("issue", "11", {**site.rows["issue"]["11"], "customfield_10016": 8})]
        place = ("jira-software/estimateIssueForBoard", "PUT", "/rest/agile/1.0/issue/OPS-1/estimation")
        site.call(*place, query=f"boardId={board}", request={"value": 8}, changes=changes)
        return site

    wanted = rubric('Estimate OPS-1 at 8, as the board "Plan" does.', estimated("3"))
    assert wanted.goals[0].items[0].needs == ("3",)
    for board, read in (("3", False), ("4", True)):
        guessed = score(wanted, estimated(board, read).trace)
        assert not guessed.success
        assert guessed.reward < 0.9


def test_row_of_two_references_is_about_what_its_address_is_about() -> None:
    tables = {**TABLES, "vote": {"derived": False, "columns": {"issue": "ref:issue", "user": "ref:user"}}}

    def voted(name: str) -> IssueSite:
        site = IssueSite()
        change = site.put("vote", "11:u0", {"id": "11:u0", "issue": "11", "user": "u0"})
        site.call("jira/addVote", "POST", f"/rest/api/3/issue/{name}/votes", status=204, changes=[change])
        return site

    wanted = compile_rubric(NamedTask("task", "Vote for OPS-1."), tables, voted("OPS-1").trace)
    _, issue, user = wanted.goals[0].items
    assert issue.argument is not None
    assert (issue.path, issue.argument.sent, user.argument) == ("issue", "OPS-1", None)
    assert score(wanted, voted("OPS-1").trace).success
    assert not score(wanted, voted("11").trace).success


def test_row_that_a_call_only_marked_as_changed_was_not_touched_by_it() -> None:
    """A comment on an issue leaves its time on it, and says nothing of how the issue was named when it was removed."""

    def removed(key: str) -> IssueSite:
        site = IssueSite()
        change = site.put("issue", "11", {**site.rows["issue"]["11"], "updated": 9})
        site.call("jira/other", "PUT", "/rest/api/3/issue/12", changes=[change])
        site.remove(key)
        return site

    (goal,) = rubric("Remove OPS-1.", removed("OPS-1")).goals
    assert goal.items[1].argument is not None
    assert goal.items[1].argument.operation == "jira/deleteIssue"


def test_text_of_a_copied_page_follows_from_the_page_that_is_named() -> None:
    def copied(source: str, text: str) -> PageSite:
        site = PageSite()
        site.read_parent()
        row = {"space": "77", "parent": "500", "title": "Our Book", "status": "current", "body": text}
        change = site.put("page", "901", {"id": "901", **row})
        request = {"destination": {"type": "space", "value": "ENG"}, "pageTitle": "Our Book"}
        place = ("confluence-v1/copyPage", "POST", f"/wiki/rest/api/content/{source}/copy")
        site.call(*place, request=request, response={"id": "901"}, changes=[change])
        return site

    right = copied("501", "<p>All about us</p>")
    wanted = rubric('Copy the page "Handbook" to space ENG as "Our Book"; say nothing about us.', right)
    (text,) = [item for item in wanted.goals[0].items if item.path == "body"]
    assert (text.wanted, text.needs, text.argument and text.argument.path) == ("All about us", ("501",), "path.1")
    wrong = score(wanted, copied("502", "<p>Old</p>").trace)
    assert not wrong.success
    assert [line.credit for line in wrong.lines if line.path == "body"] == [0.0]


def searched(site: IssueSite) -> IssueSite:
    """As if the first call had been a search, which does not say what it finds."""
    site.exchanges[0] |= {"path": "/rest/api/3/search/jql", "query": "jql=x"}
    return site


def test_time_that_is_kept_in_other_words_is_known_where_it_was_said() -> None:
    oracle = IssueSite()
    tables = {**TABLES, "worklog": {"derived": False, "columns": {"timeSpentSeconds": "value", "issue": "ref:issue"}}}
    change = oracle.put("worklog", "5", {"id": "5", "issue": "11", "timeSpentSeconds": 5400})
    place = ("jira/addWorklog", "POST", "/rest/api/3/issue/OPS-1/worklog")
    oracle.call(*place, request={"timeSpent": "1h 30m"}, status=201, changes=[change])
    (goal,) = compile_rubric(NamedTask("task", "Log 1h 30m on OPS-1."), tables, oracle.trace).goals
    (item,) = [item for item in goal.items if item.path == "timeSpentSeconds"]
    assert (item.wanted, [str(source) for source in item.sources]) == ("5400", ["instruction"])
    assert item.argument is not None
    assert item.argument.sent == "1h 30m"


def test_write_that_answers_by_the_address_of_its_task_was_granted() -> None:
    oracle = IssueSite()
    oracle.remove()
    oracle.exchanges[-1] |= {"status": 303, "response": {"id": "77"}}
    (goal,) = rubric("Delete OPS-1.", oracle).goals
    assert goal.action == "delete"
