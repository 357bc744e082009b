"""A document made ready to be asked: cleaned, cut in tokens and indexed once for all queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vigie.domain.documents import Document
from vigie.domain.query.filters import host_of
from vigie.domain.query.text import Cleaned, clean_document
from vigie.domain.query.tokens import Token, tokenize

FIELDS = ("title", "summary", "body", "author")
TEXT_FIELDS = ("title", "summary", "body")  # where a term without a field is looked for


@dataclass(frozen=True, slots=True)
class FieldText:
    """One field: its cleaned text, its tokens, and the positions of each form and tag, in order."""

    cleaned: Cleaned
    tokens: tuple[Token, ...]
    places: Mapping[str, list[int]]

    @property
    def text(self) -> str:
        """The cleaned text."""
        return self.cleaned.text

    def carries(self, position: int, form: str) -> bool:
        """Tell whether the token at ``position`` has this form or carries this tag."""
        token = self.tokens[position]
        return form in (token.form, token.tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryDocument:
    """What queries see of a document.

    ``language`` is a primary subtag or empty; hosts are as ``host_name`` gives them.
    """

    fields: Mapping[str, FieldText]
    language: str
    host: str
    link_hosts: frozenset[str]
    platform: str
    type: str
    holds: frozenset[str]  # of video, image, link


def prepare(
    *,
    title: str = "",
    summary: str = "",
    body: str = "",
    author: str = "",
    url: str = "",
    language: str | None = None,
    platform: str = "press",
    type: str = "article",  # noqa: A002 (the document's own word)
    links: Iterable[str] = (),
    media: Iterable[str] = (),
) -> QueryDocument:
    """Return a document ready for ``evaluate`` and ``Matcher``.

    ``language`` is a tag (``fr``, ``fr-CA``; None or ``und`` when unknown), ``links`` are URLs, ``media``
    some of ``image`` and ``video``.
    """
    links = tuple(links)
    primary = (language or "").lower().replace("_", "-").split("-")[0]
    texts = zip(FIELDS, (title, summary, body, author), strict=True)
    return QueryDocument(
        fields={name: index_text(text) for name, text in texts},
        language="" if primary == "und" else primary,
        host=host_of(url),
        link_hosts=frozenset(filter(None, map(host_of, links))),
        platform=platform.lower(),
        type=type.lower(),
        holds=frozenset(media) | (frozenset({"link"}) if links else frozenset()),
    )


def prepare_document(document: Document) -> QueryDocument:
    """Return ``document`` ready for ``evaluate`` and ``Matcher``."""
    return prepare(
        title=document.title,
        summary=document.summary,
        body=document.body,
        author=document.author,
        url=document.canonical_url or document.url,
        language=document.language,
        platform=document.platform,
        type=document.type,
        links=document.links,
        media=document.media,
    )


def index_text(published: str) -> FieldText:
    """Return one field's text, cleaned, in tokens, with the positions of each."""
    cleaned = clean_document(published)
    tokens = tuple(tokenize(cleaned.text))
    places: dict[str, list[int]] = {}
    for position, token in enumerate(tokens):
        if token.form:
            places.setdefault(token.form, []).append(position)
        if token.tag:
            places.setdefault(token.tag, []).append(position)
    return FieldText(cleaned, tokens, places)
