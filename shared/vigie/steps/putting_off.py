"""Messages that come before their time."""

from datetime import datetime

from vigie.messages import Message
from vigie.ports import LONGEST_DELAY_SECONDS, Outbox


def put_off(message: Message, until: datetime, outbox: Outbox, now: datetime) -> bool:
    """Send a message that came early back to its queue, to come when its time has; return whether it was early.

    A queue holds nothing back for longer than a quarter of an hour: what is earlier still comes by more than once.
    """
    seconds_early = (until - now).total_seconds()
    if seconds_early <= 1:
        return False
    outbox.send([message], delay_seconds=int(min(seconds_early + 1, LONGEST_DELAY_SECONDS)))
    return True
