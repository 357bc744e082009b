"""Google News: the RSS of a search, a hundred items at most, linking through a redirector.

Source: nothing official describes it; made after what its answers are publicly known to look like.
"""

import base64
import hashlib
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape

from infra.local.platforms.content import Article
from infra.local.platforms.queries import finds
from infra.local.platforms.wire import Asked, Said, Stage, feed_reply

AT_MOST = 100


@dataclass(slots=True)
class GoogleNews:
    """The search feed."""

    stage: Stage

    def answer(self, asked: Asked) -> Said | None:
        """Answer for a search's feed."""
        if asked.path != "/rss/search":
            return None
        query = asked.query.get("q", "")
        shown = [
            article
            for article in self.stage.content.articles
            if article.published_at <= asked.now and finds(query, article.title)
        ]
        shown.sort(key=lambda article: article.published_at, reverse=True)
        limit = min(AT_MOST, self.stage.trouble.window or AT_MOST)
        items = "".join(map(_item, shown[:limit]))
        title = escape(f'"{query}" - Google Actualités')
        return feed_reply(
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
            f"<generator>NFE/5.0</generator><title>{title}</title>"
            f"<link>https://news.google.com/search?q={escape(query)}</link>{items}</channel></rss>",
            "application/xml",
        )


def token_of(article: Article) -> str:
    """Return what stands for an article in its link: its address as Google writes it, or nothing one can read."""
    said = article.url.encode()
    if article.opaque:
        said = b"AU_yqL" + base64.urlsafe_b64encode(hashlib.sha256(said).digest())
    length = bytes([len(said)]) if len(said) < 128 else bytes([len(said) & 127 | 128, len(said) >> 7])
    return base64.urlsafe_b64encode(b"\x08\x13\x22" + length + said + b"\xd2\x01\x00").decode().rstrip("=")


def _item(article: Article) -> str:
    token = token_of(article)
    link = f"https://news.google.com/rss/articles/{token}?oc=5"
    title, publisher = escape(article.title), escape(article.publisher)
    shown = escape(
        f'<a href="{link}" target="_blank">{title}</a>&nbsp;&nbsp;<font color="#6f6f6f">{publisher}</font>'
    )
    return (
        f"<item><title>{title} - {publisher}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{token}</guid>'
        f"<pubDate>{format_datetime(article.published_at, usegmt=True)}</pubDate>"
        f"<description>{shown}</description>"
        f'<source url="{escape(article.publisher_url)}">{publisher}</source></item>'
    )
