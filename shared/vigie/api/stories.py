"""Stories and subjects."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.routing import Call, Routes
from vigie.requests import IntervalQuery, MergeRequest, SplitRequest

routes = Routes("stories")


@routes.get("/clients/{client_id}/stories/{story_id}", scope="read", answers=shapes.Story)
def show_story(call: Call) -> Any:
    """Show a story of the last month: its mentions, who printed it first, which press groups after, corrections."""
    return views.of_story(wiring.story_desk().show(call.client, call.path["story_id"]))


@routes.get(
    "/clients/{client_id}/subjects", scope="read", query=IntervalQuery, answers=shapes.DecidedSubjects
)
def list_subjects(call: Call) -> Any:
    """List subjects with their stories, in the digest's order: ``since``, ``until``; and what was decided by hand."""
    asked, desk = call.asked(IntervalQuery), wiring.subject_desk()
    lines = desk.lines(call.client, asked.since, asked.until)
    return {
        "subjects": [views.of_subject(line) for line in lines],
        "decisions": [views.of_decision(decision) for decision in desk.decisions(call.client)],
    }


@routes.post(
    "/clients/{client_id}/subjects/{subject_id}/merge",
    scope="write",
    takes=MergeRequest,
    answers=shapes.Subjects,
)
def merge_subjects(call: Call) -> Any:
    """Make two subjects one, today and as they grow; asked again, it changes nothing."""
    request, subject_id = call.takes(MergeRequest), call.path["subject_id"]
    lines = wiring.subject_desk().merge(call.client, subject_id, request, call.caller.client_id)
    return {"subjects": [views.of_subject(line) for line in lines]}


@routes.post(
    "/clients/{client_id}/subjects/{subject_id}/split",
    scope="write",
    takes=SplitRequest,
    answers=shapes.Subjects,
)
def split_subject(call: Call) -> Any:
    """Take a story off a subject, today and as it grows; asked again, it changes nothing."""
    request, subject_id = call.takes(SplitRequest), call.path["subject_id"]
    lines = wiring.subject_desk().split(call.client, subject_id, request, call.caller.client_id)
    return {"subjects": [views.of_subject(line) for line in lines]}
