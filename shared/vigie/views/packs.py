"""What the API and the command line show of source packs."""

import msgspec

from vigie.domain.packs.following import Following
from vigie.domain.packs.pack import Pack, PackSource, packs
from vigie.domain.source_checks import SourceCheck
from vigie.views import View


def of_pack(pack: Pack) -> View:
    """Show a pack with its sources, each with the press group behind it."""
    return of_pack_briefly(pack) | {
        "licence": pack.licence,
        "sources": [_source(each) for each in pack.sources],
    }


def of_pack_briefly(pack: Pack) -> View:
    """Show a pack as one line of a list."""
    return {
        "name": pack.name,
        "version": pack.version,
        "kind": pack.kind,
        "title": dict(pack.title),
        "place": pack.place,
        "department": pack.department,
        "checked_at": pack.checked_at.isoformat() if pack.checked_at else None,
        "source_count": len(pack.sources),
    }


def of_following(following: Following) -> View:
    """Show a pack that a client follows; of one that is there no more, no version and no sources."""
    pack = packs().get(following.pack)
    return {
        "client_id": following.client_id,
        "pack": following.pack,
        "version": pack.version if pack else None,
        "title": dict(pack.title) if pack else {},
        "followed_at": msgspec.to_builtins(following.followed_at),
        "removed": list(following.removed),
        "sources": [
            _source(each) | {"removed": following.has_removed(each)}
            for each in (pack.sources if pack else ())
        ],
    }


def _source(each: PackSource) -> View:
    return {
        "source_id": each.source_id,
        "name": each.name,
        "url": each.url,
        "site": each.site,
        "family": each.family.name,
        "answered": each.answered,
    }


def of_check(check: SourceCheck) -> View:
    """Show how an address stands, with what to do about it."""
    view: View = msgspec.to_builtins(check)
    return view | {"remedy": check.remedy}
