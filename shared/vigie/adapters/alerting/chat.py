"""An alert as a message of a chat: Slack's blocks, Teams' adaptive card, or plain JSON.

Sources: Slack, Incoming webhooks and Block Kit; Microsoft, Incoming webhooks with Adaptive Cards 1.4.
"""

import asyncio
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from vigie.adapters.alerting.words import AlertWords
from vigie.adapters.http_guard import AllowList, RefusedAddress, check_url, guarded_session
from vigie.domain.alerts.telling import Telling
from vigie.errors import Permanent, Transient, Unanswered

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_GONE = frozenset({400, 401, 403, 404, 405, 410})


def body_of(telling: Telling, words: AlertWords) -> dict[str, Any]:
    """Return the body that the channel's kind understands."""
    writers = {"slack": _slack, "teams": _teams}
    writer = writers.get(telling.channel.kind)
    return writer(words) if writer else _plain(telling, words)


def _slack(words: AlertWords) -> dict[str, Any]:
    lines = "\n".join(_safe(line) for line in (*words.status, words.size, *words.facts))
    documents = "\n".join(
        f"• <{document.url}|{_safe(document.title)}> ({_safe(document.source)})"
        if document.url
        else f"• {_safe(document.title)}"
        for document in words.documents
    )
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": words.subject[:150]}},
        {"type": "section", "text": {"type": "mrkdwn", "text": lines[:3000]}},
    ]
    if documents:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": documents[:3000]}})
    if words.acknowledge_url:
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": words.acknowledge_label},
            "url": words.acknowledge_url,
        }
        blocks.append({"type": "actions", "elements": [button]})
    blocks.append({"type": "context", "elements": [{"type": "plain_text", "text": words.unknown[:2000]}]})
    return {"text": words.subject, "blocks": blocks}


def _safe(text: str) -> str:
    """Return text that can mention nobody and format nothing (Slack's escapes)."""
    return text.translate(_ESCAPED)


def _teams(words: AlertWords) -> dict[str, Any]:
    body: list[dict[str, Any]] = [
        {"type": "TextBlock", "text": words.subject, "weight": "Bolder", "size": "Medium", "wrap": True}
    ]
    body += [
        {"type": "TextBlock", "text": line, "wrap": True}
        for line in (*words.status, words.size, *words.facts, words.unknown)
    ]
    actions = [
        {"type": "Action.OpenUrl", "title": document.title[:80], "url": document.url}
        for document in words.documents
        if document.url
    ]
    if words.acknowledge_url:
        actions.insert(
            0, {"type": "Action.OpenUrl", "title": words.acknowledge_label, "url": words.acknowledge_url}
        )
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": actions[:6],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _plain(telling: Telling, words: AlertWords) -> dict[str, Any]:
    alert = telling.alert
    return {
        "key": telling.key,
        "client_id": alert.client_id,
        "alert_id": alert.alert_id,
        "event": telling.event.kind,
        "at": telling.event.at,
        "state": alert.state,
        "severity": alert.severity,
        "trigger": alert.trigger,
        "text": words.subject,
        "measure": alert.measure,
        "documents": alert.documents,
        "acknowledge_url": words.acknowledge_url,
    }


class ChatPoster:
    """Posts to webhooks. ``user_agent`` names us, ``allow`` opens loopback to local environments."""

    def __init__(
        self, *, user_agent: str, allow: AllowList | None = None, total_seconds: float = 8.0
    ) -> None:
        self._user_agent = user_agent
        self._allow = allow or AllowList()
        self._total_seconds = total_seconds

    def __call__(self, url: str, body: object) -> None:
        """Post ``body`` as JSON. Raises Permanent (gone, refused), Transient (later) or Unanswered (perhaps had)."""
        asyncio.run(self._post(url, msgspec.json.encode(body)))

    async def _post(self, url: str, content: bytes) -> None:
        headers = {"User-Agent": self._user_agent, "Content-Type": "application/json"}
        try:
            async with asyncio.timeout(self._total_seconds):
                check_url(URL(url), self._allow)
                async with (
                    guarded_session(self._allow, aiohttp.ThreadedResolver(), headers) as session,
                    session.post(url, data=content, allow_redirects=False) as response,
                ):
                    status = response.status
        except TimeoutError as error:
            raise Unanswered(f"the webhook took more than {self._total_seconds:g} s") from error
        except RefusedAddress as error:
            raise Permanent(f"the webhook's address is refused: {error}") from error
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL, ValueError) as error:
            raise Transient(f"the webhook cannot be reached: {error!s:.200}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(f"the webhook broke off: {error!s:.200}") from error
        if status in _GONE or 300 <= status < 400:
            raise Permanent(f"the webhook answered {status}")
        if status >= 300:
            raise Transient(f"the webhook answered {status}")
