"""Whether a publication says that only its subscribers may read it."""

import re

from vigie.domain.documents import Document

_EDGE_CHARACTERS = 200  # a notice stands at the beginning or at the end
_WORDS = ("abonn", "subscri")  # one of them is in every notice: most texts are not looked at further
_NOTICE = re.compile(
    r"\[abonn[ée]s?\]|\(abonn[ée]s\)|r[ée]serv[ée]e?s? (?:[àa]|aux) (?:nos |ses )?abonn[ée]"
    r"|\b(?:contenu|article) abonn[ée]s?\b|\bpour (?:lire la suite|continuer),? abonnez-vous"
    r"|\bsubscribers?[- ]only\b|\bfor subscribers only\b|\bsubscribe to (?:read|continue reading)\b",
)


def is_for_subscribers(document: Document) -> bool:
    """Whether the document says so itself; one that says nothing may be closed all the same."""
    texts = (document.title, document.summary, document.body)
    edges = (edge for text in texts for edge in (text[:_EDGE_CHARACTERS], text[-_EDGE_CHARACTERS:]))
    noticed = "\n".join(edges).lower()
    return any(word in noticed for word in _WORDS) and _NOTICE.search(noticed) is not None
