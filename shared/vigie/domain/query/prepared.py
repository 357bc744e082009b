"""A document ready to be asked: its texts as published, cleaned and cut in tokens when somebody needs that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from vigie.domain.documents import Document
from vigie.domain.query.filters import host_of
from vigie.domain.query.text import Cleaned, clean_document
from vigie.domain.query.tokens import Token, tokenize

FIELDS = ("title", "summary", "body", "author")
TEXT_FIELDS = ("title", "summary", "body")  # where a term without a field is looked for


@dataclass(frozen=True)
class FieldText:
    """One field as published, and what is made of it the first time it is asked for."""

    published: str

    @cached_property
    def cleaned(self) -> Cleaned:
        """The cleaned text, and where each of its characters was."""
        return clean_document(self.published)

    @property
    def text(self) -> str:
        """The cleaned text."""
        return self.cleaned.text

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens, by position."""
        return tuple(tokenize(self.text))

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """The positions of each form and tag, in order."""
        places: dict[str, list[int]] = {}
        for position, token in enumerate(self.tokens):
            if token.form:
                places.setdefault(token.form, []).append(position)
            if token.tag:
                places.setdefault(token.tag, []).append(position)
        return places

    def carries(self, position: int, form: str) -> bool:
        """Tell whether the token at ``position`` has this form or carries this tag."""
        token = self.tokens[position]
        return form in (token.form, token.tag)


@dataclass(frozen=True, kw_only=True)
class QueryDocument:
    """What queries see of a document. ``language`` is a primary subtag or empty."""

    published: tuple[str, str, str, str]  # by FIELDS
    url: str
    links: tuple[str, ...]
    language: str
    platform: str
    type: str
    holds: frozenset[str]  # of video, image, link
    site: str = ""

    @cached_property
    def fields(self) -> Mapping[str, FieldText]:
        """The fields by name."""
        return dict(zip(FIELDS, map(FieldText, self.published), strict=True))

    @cached_property
    def host(self) -> str:
        """The host of who published it, as ``host_name`` gives it: that of its address unless ``site`` is told."""
        return host_of(f"https://{self.site}") if self.site else host_of(self.url)

    @cached_property
    def link_hosts(self) -> frozenset[str]:
        """The hosts it links to, as ``host_name`` gives them."""
        return frozenset(filter(None, map(host_of, self.links)))


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
    site: str = "",
) -> QueryDocument:
    """Return a document ready for ``evaluate`` and ``Matcher``.

    ``language`` is a tag (``fr``, ``fr-CA``; None or ``und`` when unknown), ``links`` are URLs, ``media``
    some of ``image`` and ``video``, ``site`` the publisher's host where ``url`` is somebody else's.
    """
    links = tuple(links)
    primary = (language or "").lower().replace("_", "-").partition("-")[0]
    return QueryDocument(
        published=(title, summary, body, author),
        url=url,
        links=links,
        language="" if primary == "und" else primary,
        platform=platform.lower(),
        type=type.lower(),
        holds=frozenset((*media, "link")) if links else frozenset(media),
        site=site,
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
        site=document.site,
    )
