"""Reviews: a digest looked over before it leaves."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.conditions import unless_changed
from vigie.api.routing import Call, Routes
from vigie.requests import ReviewRequest
from vigie.steps.review_desk import ReviewSheet

routes = Routes("reviews")

_REVIEW = "/clients/{client_id}/digests/{digest_id}/review"


@routes.get(_REVIEW, scope="write", answers=shapes.ReviewSheet)
def show_review(call: Call) -> Any:
    """Show a digest as its reviewer sees it: as it was found, what is decided of it, how it leaves and when.

    Who may only read sees a review once its digest has left.
    """
    return _shown(wiring.review_desk().sheet(call.client, _digest_id(call)))


@routes.put(_REVIEW, scope="write", takes=ReviewRequest, answers=shapes.ReviewSheet, refuses=(409, 410))
def decide_review(call: Call) -> Any:
    """Replace what was decided of a digest in the `version` you had read, until it leaves.

    409: the client has no reviewer, so its digests wait for nobody. 410: it has left.
    """
    desk, digest_id, request = wiring.review_desk(), _digest_id(call), call.takes(ReviewRequest)
    unless_changed(call, _shown)(desk.sheet(call.client, digest_id))
    by = request.by or call.caller.client_id
    return _shown(desk.decide(call.client, digest_id, request, by))


def _shown(sheet: ReviewSheet) -> views.View:
    """Show a digest on its reviewer's desk: as it was found and as it leaves, with what is decided."""
    review = {
        name: value
        for name, value in views.plain(sheet.review).items()
        if name not in {"client_id", "digest_id"}
    }
    return {
        "digest_id": sheet.found.digest_id,
        "is_open": sheet.is_open,
        "leaves_at": views.plain(sheet.leaves_at),
        "review": review,
        "found": views.of_digest(sheet.found),
        "digest": views.of_digest(sheet.digest),
    }


def _digest_id(call: Call) -> str:
    return wiring.desk().digest(call.client, call.path["digest_id"]).digest_id
