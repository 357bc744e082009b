"""What stands under a subject's title: counts, the client's part, who reprinted it, what found it, what changed."""

from dataclasses import dataclass

from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.printer import Printer
from vigie.domain.digest import Corrected, FoundBy, SubjectCard, SubjectLine
from vigie.domain.typography import quoted

_REPRINTS_NAMED = 3
_WORDS_NAMED = 3


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A name, and where it leads when it leads anywhere safe."""

    name: str
    url: str | None


def publications(printer: Printer, story: SubjectLine) -> str:
    """Count where a subject was published."""
    return printer.count("publications", story.publications)


def articles(printer: Printer, subject: SubjectLine) -> list[str]:
    """Say how many stories a subject has; a reader of one sees it."""
    return [printer.count("articles", len(subject.stories))] if len(subject.stories) > 1 else []


def card_facts(printer: Printer, card: SubjectCard) -> list[str]:
    """Return what is known of a subject in figures and a few words."""
    facts = [publications(printer, card), *articles(printer, card)]
    if card.press_groups > 1:
        facts.append(printer.count("press_groups", card.press_groups))
    elif card.publishers > 1:
        facts.append(printer.count("publishers", card.publishers))
    if len(card.channels) > 1:
        facts.append(
            ", ".join(
                f"{printer.say(f'channel_{name}').lower()} {count}" for name, count in card.channels.items()
            )
        )
    if card.last_published_at and card.last_published_at != card.published_at:
        facts.append(printer.say("last_publication", moment=printer.moment(card.last_published_at)))
    if card.continued:
        facts.append(printer.say("continued"))
    if part := _part(printer, card):
        facts.append(part)
    return facts


def reprints(printer: Printer, card: SubjectCard) -> tuple[tuple[NamedLink, ...], str]:
    """Name the first outlets that carried the story elsewhere, each once, and count the rest."""
    urls = {reprint.source_name: reprint.url for reprint in reversed(card.reprints)}
    others = [reprint.source_name for reprint in card.reprints if reprint.source_name != card.source_name]
    names = list(dict.fromkeys(others))
    named = tuple(
        NamedLink(printer.title(name, 60), web_link(urls[name])) for name in names[:_REPRINTS_NAMED]
    )
    left = len(names) - len(named)
    return named, printer.count("reprinted_more", left) if left else ""


def found_by(printer: Printer, found: tuple[FoundBy, ...]) -> str:
    """Say which watches found a subject, by which words, and where these stand."""
    watches = [_found_watch(printer, watch) for watch in found[:_WORDS_NAMED]]
    return printer.say("found_by", watches=" · ".join(watches)) if watches else ""


def _found_watch(printer: Printer, found: FoundBy) -> str:
    watch = printer.title(found.watch_name, 60)
    if not found.words:
        return printer.say("found_watch_alone", watch=watch)
    words = [quoted(printer.title(word, 40), printer.digest.locale) for word in found.words[:_WORDS_NAMED]]
    fields = [printer.say(f"field_{name}") for name in found.fields if f"field_{name}" in printer.catalogue]
    more = ", …" if len(found.words) > _WORDS_NAMED else ""
    return printer.say("found_watch", watch=watch, words=", ".join(words) + more, fields=", ".join(fields))


def text_notes(printer: Printer, card: SubjectCard) -> tuple[str, ...]:
    """Say whose text a subject's publications print, and what was corrected since."""
    credited = [printer.say("agencies", names=", ".join(card.agencies))] if card.agencies else []
    return (*credited, *(_corrected(printer, correction) for correction in card.corrections))


def _corrected(printer: Printer, correction: Corrected) -> str:
    fields = {
        "name": printer.title(correction.source_name, 60),
        "moment": printer.moment(correction.seen_at),
        "before": quoted(printer.title(correction.before, 60), printer.digest.locale),
        "after": quoted(printer.title(correction.after, 60), printer.digest.locale),
    }
    if not correction.before:
        return printer.say("corrected_added", **fields)
    return printer.say("corrected" if correction.after else "corrected_removed", **fields)


def _part(printer: Printer, subject: SubjectLine) -> str:
    """Say what part the client has in a subject: as judged, else where it is named."""
    if subject.relevance != "unknown":
        return printer.say(f"part_{subject.relevance}")
    return printer.say(f"place_{subject.place}") if subject.place != "elsewhere" else ""
