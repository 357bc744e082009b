"""What SES publishes about mails, read: its event publishing format of configuration sets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from vigie.domain.addresses import MailEvent

_DETAIL_CHARACTERS = 300
Kind = Literal["sent", "bounced", "bounced_softly", "complained", "rejected"]


def read_ses_event(event: Mapping[str, Any]) -> list[MailEvent]:
    """Return what an event tells, one for each address concerned; nothing for kinds that we ask nothing of.

    A bounce that SES cannot tell the kind of ("Undetermined") counts as one that may pass.
    """
    mail = event["mail"]
    match event.get("eventType"):
        case "Send":
            return [_event("sent", mail, mail["timestamp"])]
        case "Reject":
            return [
                _event("rejected", mail, mail["timestamp"], detail=str(event["reject"].get("reason", "")))
            ]
        case "Bounce":
            bounce = event["bounce"]
            kind: Kind = "bounced" if bounce["bounceType"] == "Permanent" else "bounced_softly"
            return [
                _event(kind, mail, bounce["timestamp"], to["emailAddress"], to.get("diagnosticCode", ""))
                for to in bounce["bouncedRecipients"]
            ]
        case "Complaint":
            complaint = event["complaint"]
            told = complaint.get("complaintFeedbackType", "")
            return [
                _event("complained", mail, complaint["timestamp"], to["emailAddress"], told)
                for to in complaint["complainedRecipients"]
            ]
    return []


def _event(kind: Kind, mail: Mapping[str, Any], at: str, email: str = "", detail: str = "") -> MailEvent:
    keys = mail.get("tags", {}).get("delivery_key", [])
    return MailEvent(
        kind=kind,
        provider_id=mail["messageId"],
        at=datetime.fromisoformat(at),
        email=email.lower(),
        delivery_key=keys[0] if keys else "",
        detail=detail[:_DETAIL_CHARACTERS],
    )
