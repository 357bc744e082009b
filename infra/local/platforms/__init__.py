"""Small servers that speak the platforms' wire formats on the loopback interface: for tests and the local run.

They are ours, made from the platforms' documentation; nothing of them was recorded. What they answer is checked
against the platforms' own contracts in ``tests/adapters/platforms``.
"""

from infra.local.platforms.content import Article, Comment, Content, ForumPost, Post, Video
from infra.local.platforms.server import Platforms, start
from infra.local.platforms.wire import Trouble

__all__ = ["Article", "Comment", "Content", "ForumPost", "Platforms", "Post", "Trouble", "Video", "start"]
