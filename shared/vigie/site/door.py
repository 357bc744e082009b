"""The door: every request passes it on the way to its page, every refusal on the way out."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from vigie import wiring
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import Reply, page
from vigie.adapters.web.request import Asked, read_request
from vigie.domain.refusals import told
from vigie.errors import Expired, NotFound, Refused
from vigie.site.routing import Call
from vigie.site.table import PAGES


def answer_to(event: Mapping[str, Any]) -> Reply:
    """Return the answer to an API Gateway event: the page's, or a page that says in words why there is none."""
    locale = wiring.default_locale()
    asked = Asked(method="GET", route="/", root=".", site_url="", language=locale)
    try:
        asked = read_request(event, locale)
        return _answer(asked)
    except Refused as refusal:
        return _refused(asked, refusal)


def failed(event: Mapping[str, Any], request_id: str) -> Reply:
    """Return the page of an incident of ours, which says only how to name it."""
    asked = read_request({**event, "httpMethod": "GET"}, wiring.default_locale())
    say = site_catalogue(asked.language).say
    return _message(asked, 500, say("failed_title"), say("failed_text", request_id=request_id))


def _answer(asked: Asked) -> Reply:
    found = PAGES.get((asked.method, asked.route))
    if found is None:
        raise NotFound("There is no such page.")
    call = Call(asked=asked)
    if found.purpose is not None:
        call.opened = wiring.visits().open(found.purpose, asked.token)
        call.maker = partial(wiring.visits().links, call.opened)
    return found.view(call)


def _refused(asked: Asked, refusal: Refused) -> Reply:
    say = site_catalogue(asked.language).say
    match refusal:
        case Expired():
            return _message(asked, refusal.status, say("expired_title"), say("expired_text"))
        case NotFound():
            return _message(asked, refusal.status, say("lost_title"), say("lost_text"))
    return _message(asked, refusal.status, say("refused_title"), told(refusal, asked.language))


def _message(asked: Asked, status: int, title: str, *texts: str) -> Reply:
    return page(write_page("message", asked.language, asked.root, title=title, texts=texts), status)
