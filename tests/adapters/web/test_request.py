"""What a browser asks, read from the gateway's event."""

import base64
from typing import Any

import pytest

from vigie.adapters.web.request import FORM_LIMIT_BYTES, read_request
from vigie.errors import Refused


def event(**changes: Any) -> dict[str, Any]:
    """Return a form sent to a page."""
    return {
        "resource": "/story/{token}/{action}",
        "httpMethod": "POST",
        "headers": {"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
        "pathParameters": {"token": "1abc", "action": "correct"},
        "queryStringParameters": None,
        "requestContext": {"domainName": "abc.execute-api.eu-west-3.amazonaws.com", "stage": "v1"},
        "body": "tone=positive&day=1&day=2&empty=&note=%C3%A9t%C3%A9",
        **changes,
    }


def test_a_form_is_read_whole() -> None:
    """Repeated and empty fields are kept, as UTF-8; the page knows the way back to the site and its address."""
    asked = read_request(event())
    assert asked.form == {"tone": ("positive",), "day": ("1", "2"), "empty": ("",), "note": ("été",)}
    assert (asked.sent("day"), asked.sent("nothing"), asked.token) == ("2", "", "1abc")
    assert (asked.root, asked.site_url) == ("../..", "https://abc.execute-api.eu-west-3.amazonaws.com/v1")


def test_a_form_may_come_in_parts() -> None:
    """Mailboxes post « List-Unsubscribe=One-Click » as multipart/form-data (RFC 8058)."""
    body = (
        '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n'
        '--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nété\r\n--b--\r\n'
    )
    asked = read_request(event(headers={"Content-Type": "multipart/form-data; boundary=b"}, body=body))
    assert asked.form == {"List-Unsubscribe": ("One-Click",), "note": ("été",)}
    assert read_request(event(headers={"Content-Type": "multipart/form-data"}, body=body)).form == {}


def test_a_form_may_come_as_base64() -> None:
    """The gateway wraps what it holds binary."""
    body = base64.b64encode(b"tone=positive").decode()
    assert read_request(event(body=body, isBase64Encoded=True)).sent("tone") == "positive"


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"Content-Type": "application/json"}},
        {"body": "a" * (FORM_LIMIT_BYTES + 1)},
        {"body": "AAA", "isBase64Encoded": True},
        {"body": base64.b64encode(b"\xff\xfe").decode(), "isBase64Encoded": True},
    ],
    ids=["another kind", "too large", "no base64", "no UTF-8"],
)
def test_other_bodies_are_refused(changes: dict[str, Any]) -> None:
    """A body that is no form of ours is refused, naming what would be taken."""
    with pytest.raises(Refused, match=r"Send|over"):
        read_request(event(**changes))


def test_what_a_get_carries_is_not_read() -> None:
    """A GET has no form, whatever its body holds."""
    assert read_request(event(httpMethod="GET")).form == {}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr-FR,fr;q=0.9,en;q=0.5", "fr"), ("en-GB", "en"), ("de,en;q=0.3", "en"), ("de", "fr"), ("", "fr")],
)
def test_a_page_without_a_client_speaks_the_browsers_language(accepted: str, language: str) -> None:
    """The first of ours that the browser names, else the stack's."""
    assert read_request(event(headers={"Accept-Language": accepted}, httpMethod="GET")).language == language


def test_an_empty_event_is_a_request_for_nothing() -> None:
    """Whatever the gateway leaves out, reading does not fail."""
    asked = read_request({"headers": None, "pathParameters": None, "requestContext": None})
    assert (asked.method, asked.route, asked.token, asked.site_url) == ("GET", "/", "", "")
