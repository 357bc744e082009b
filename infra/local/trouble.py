"""What stops a local run: one sentence a newcomer can act on."""

from vigie.errors import Refused


class CannotRun(Refused):
    """A local run cannot start or go on; the text says why and what to do."""
