"""What people correct: labels of mentions, and the watches that found what is not theirs."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.routing import Call, Routes
from vigie.requests import FeedbackRequest, FixRequest, IntervalQuery, PageQuery, UndoRequest
from vigie.steps.feedback import Told

routes = Routes("feedback")

_MENTION = "/clients/{client_id}/mentions/{mention_id}/feedback"
_WATCH = "/clients/{client_id}/watches/{watch_id}/fixes"


@routes.get("/clients/{client_id}/feedback", scope="read", query=IntervalQuery, answers=shapes.Corrections)
def list_feedback(call: Call) -> Any:
    """List the corrections made on mentions recorded in ``since``, ``until`` (the last month), newest first."""
    asked = call.asked(IntervalQuery)
    made = wiring.feedback().listed(call.client, asked.since, asked.until)
    return {"corrections": [views.of_correction(correction) for correction in made]}


@routes.get("/clients/{client_id}/to-verify", scope="read", query=PageQuery, answers=shapes.ToVerify)
def list_to_verify(call: Call) -> Any:
    """List the stories whose labels await a person, newest first, with the labels (the last month's by default).

    `limit` mentions are looked through at once: a page may hold fewer, even none, and still have a `cursor`.
    """
    asked = call.asked(PageQuery)
    found = wiring.feedback().to_verify(call.client, asked.since, asked.until, asked.limit, asked.cursor)
    return {"to_verify": [views.of_awaited(mention) for mention in found.mentions], "cursor": found.cursor}


@routes.get(_MENTION, scope="read", answers=shapes.CorrectedMention)
def show_feedback(call: Call) -> Any:
    """Show a mention's labels as they stand, and the corrections made on it."""
    return _told(wiring.feedback().told(call.client, call.path["mention_id"]))


@routes.post(
    _MENTION, scope="feedback", takes=FeedbackRequest, answers=shapes.CorrectedMention, refuses=(409,)
)
def give_feedback(call: Call) -> Any:
    """Correct a label of a mention ("pas nous" is relevance ``homonym``); asked again, it changes nothing."""
    wish = call.takes(FeedbackRequest).to_wish(call.caller.client_id)
    return _told(wiring.feedback().give(call.client, call.path["mention_id"], wish))


@routes.post(
    _MENTION + "/{correction_id}/undo", scope="feedback", takes=UndoRequest, answers=shapes.CorrectedMention
)
def undo_feedback(call: Call) -> Any:
    """Take a correction back: what stood before it stands again."""
    request = call.takes(UndoRequest)
    mention_id, correction_id = call.path["mention_id"], call.path["correction_id"]
    by = _by(request.by, call)
    return _told(wiring.feedback().take_back(call.client, mention_id, correction_id, by, request.reason))


@routes.get(_WATCH, scope="read", answers=shapes.Fixes)
def show_fixes(call: Call) -> Any:
    """Show the fix that the last month's "pas nous" call for, what it would have removed, and what was decided."""
    fixes, watch_id = wiring.watch_fixes(), call.path["watch_id"]
    proposal = fixes.proposal(call.client, watch_id)
    return {
        "proposal": views.of_proposal(proposal) if proposal else None,
        "decided": [views.of_fix(fix) for fix in fixes.decided(call.client, watch_id)],
    }


@routes.post(_WATCH, scope="write", takes=FixRequest, answers=shapes.Fix, refuses=(409,))
def decide_fix(call: Call) -> Any:
    """Accept the proposed fix, which changes the watch, or refuse it, so that it is not proposed again."""
    request, fixes = call.takes(FixRequest), wiring.watch_fixes()
    decide = fixes.accept if request.decision == "accepted" else fixes.refuse
    by = _by(request.by, call)
    return views.of_fix(decide(call.client, call.path["watch_id"], request.fix_id, by, request.reason))


@routes.post(_WATCH + "/{fix_id}/undo", scope="write", takes=UndoRequest, answers=shapes.Fix, refuses=(409,))
def undo_fix(call: Call) -> Any:
    """Give the watch its former query back, to the letter."""
    request = call.takes(UndoRequest)
    watch_id, fix_id = call.path["watch_id"], call.path["fix_id"]
    fix = wiring.watch_fixes().undo(call.client, watch_id, fix_id, _by(request.by, call), request.reason)
    return views.of_fix(fix)


def _told(told: Told) -> Any:
    return {
        "mention": views.of_mention(told.mention),
        "corrections": [views.of_correction(correction) for correction in told.corrections],
    }


def _by(name: str, call: Call) -> str:
    return f"{name} ({call.caller.client_id})" if name else call.caller.client_id
