"""Forums: the feeds of Discourse (``latest.rss``, ``posts.rss``, a topic's) and of phpBB (``app.php/feed``).

Source: the templates of both, read in their public repositories.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape

from infra.local.platforms.content import ForumPost, stamp
from infra.local.platforms.wire import Asked, Said, Stage, feed_reply

_TOPIC = re.compile(r"/t/[^/]+/(\d+)\.rss")
_SHOWN = 25


@dataclass(slots=True)
class Forums:
    """A Discourse and a phpBB on one host."""

    stage: Stage

    def answer(self, asked: Asked) -> Said | None:
        """Answer for a feed of either."""
        if asked.path in ("/app.php/feed", "/feed.php"):
            return _phpbb(self._shown(self.stage.content.phpbb, asked), asked)
        posts = self._shown(self.stage.content.discourse, asked)
        if asked.path == "/latest.rss":
            return _topics([post for post in posts if post.number == 1], asked)
        if asked.path == "/posts.rss":
            return _posts(posts, asked)
        if topic := _TOPIC.fullmatch(asked.path):
            return _posts([post for post in posts if post.topic_id == int(topic[1])], asked)
        return None

    def _shown(self, posts: Sequence[ForumPost], asked: Asked) -> list[ForumPost]:
        there = [post for post in posts if post.published_at <= asked.now]
        return sorted(there, key=lambda post: post.published_at, reverse=True)[:_SHOWN]


def _topics(posts: Sequence[ForumPost], asked: Asked) -> Said:
    items = "".join(
        f"<item><title>{escape(post.title)}</title>{_discourse(post)}"
        f"<link>{asked.base_url}/t/{_slug(post)}/{post.topic_id}</link>"
        f'<guid isPermaLink="false">{_host(asked)}-topic-{post.topic_id}</guid></item>'
        for post in posts
    )
    return _rss("Derniers sujets", items, asked)


def _posts(posts: Sequence[ForumPost], asked: Asked) -> Said:
    items = "".join(
        f"<item><title>{escape(post.title)}</title>{_discourse(post)}"
        f"<link>{asked.base_url}/t/{_slug(post)}/{post.topic_id}#post_{post.number}</link>"
        f'<guid isPermaLink="false">{_host(asked)}-post-{post.topic_id}-{post.number}</guid></item>'
        for post in posts
    )
    return _rss("Derniers messages", items, asked)


def _discourse(post: ForumPost) -> str:
    return (
        f"<dc:creator><![CDATA[{post.author}]]></dc:creator><category>{escape(post.forum)}</category>"
        f"<description><![CDATA[<p>{escape(post.text)}</p>]]></description>"
        f"<pubDate>{format_datetime(post.published_at)}</pubDate>"
    )


def _rss(title: str, items: str, asked: Asked) -> Said:
    return feed_reply(
        '<?xml version="1.0" encoding="UTF-8" ?>'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{title}</title><link>{asked.base_url}</link><description>{title}</description>"
        f"<generator>Discourse 3.6.0</generator>{items}</channel></rss>"
    )


def _phpbb(posts: Sequence[ForumPost], asked: Asked) -> Said:
    entries = "".join(
        f"<entry><author><name><![CDATA[{post.author}]]></name></author>"
        f"<updated>{stamp(post.published_at, 'seconds')}</updated>"
        f"<published>{stamp(post.published_at, 'seconds')}</published>"
        f"<id>{_phpbb_link(post, asked)}</id>"
        f'<link href="{_phpbb_link(post, asked)}"/>'
        f'<title type="html"><![CDATA[{post.forum} • {"Re: " if post.number > 1 else ""}{post.title}]]></title>'
        f'<content type="html"><![CDATA[{escape(post.text)}<p>Statistiques : Posté par {post.author}</p>]]>'
        "</content></entry>"
        for post in posts
    )
    return feed_reply(
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        f'<link rel="self" type="application/atom+xml" href="{asked.base_url}{asked.path}"/>'
        f"<title>Forum</title><id>{asked.base_url}{asked.path}</id>{entries}</feed>",
        "application/atom+xml",
    )


def _phpbb_link(post: ForumPost, asked: Asked) -> str:
    return f"{asked.base_url}/viewtopic.php?t={post.topic_id}&amp;p={post.post_id}#p{post.post_id}"


def _slug(post: ForumPost) -> str:
    return re.sub(r"[^a-z0-9]+", "-", post.title.lower()).strip("-") or "topic"


def _host(asked: Asked) -> str:
    return asked.headers.get("host", "forum.test").partition(":")[0]
