"""The demo press: a seeded month of an invented region's news, with the truth about it.

``generate(seed, until)`` writes the press, ``render_feed(feed, now)`` what one address answers at an instant,
``expected_documents(truth, client_id, visible_ids)`` what a digest ought to hold. See README.md beside this file.
"""

from infra.demo_press.model import Feed, Item, Press, Version
from infra.demo_press.press import generate
from infra.demo_press.render import render_feed
from infra.demo_press.truth import expected_documents
from infra.demo_press.window import visible_ids

__all__ = ["Feed", "Item", "Press", "Version", "expected_documents", "generate", "render_feed", "visible_ids"]
