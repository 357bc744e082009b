"""Examples of bodies, by the name of the view; a test reads each as what its route takes or answers."""

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "create_client": {
        "request": {
            "client_id": "boulangerie",
            "name": "Boulangerie Tournemire",
            "locale": "fr",
            "zone": "Europe/Paris",
            "schedule": {"send_at": "08:00", "days": [0, 1, 2, 3, 4]},
            "recipients": [{"email": "contact@tournemire.example", "name": "Accueil"}],
        }
    },
    "change_client": {
        "request": {"name": "Boulangerie Tournemire", "recipients": [{"email": "contact@tournemire.example"}]}
    },
    "change_plan": {"request": {"monthly_mentions": 5000}},
    "add_recipient": {"request": {"email": "direction@tournemire.example", "name": "Direction"}},
    "change_recipient": {"request": {"email": "direction@tournemire.example", "zone": "America/Martinique"}},
    "create_watch": {
        "request": {"name": "Marque", "purpose": "brand", "query": '"Boulangerie Tournemire" OR #tournemire'}
    },
    "change_watch": {"request": {"name": "Marque", "purpose": "brand", "any": ["Tournemire", "#tournemire"]}},
    "ask_backtest": {"request": {"query": "Tournemire AND (pain OR levain)", "days": 7}},
    "issue_key": {"request": {"name": "Tableau de bord", "scopes": ["read"], "good_days": 365}},
    "rotate_key": {"request": {"grace_hours": 24}},
    "issue_ops_key": {"request": {"name": "Astreinte", "scopes": ["read", "write", "admin"]}},
    "rotate_ops_key": {"request": {"grace_hours": 1}},
    "merge_subjects": {"request": {"other_subject_id": "7f3a90", "reason": "Même annonce"}},
    "split_subject": {"request": {"story_id": "12ab90", "reason": "Une autre affaire"}},
    "follow_pack": {"request": {"removed": []}},
    "create_endpoint": {
        "request": {"url": "https://intranet.tournemire.example/vigie", "events": ["mention.recorded"]}
    },
    "change_endpoint": {
        "request": {"url": "https://intranet.tournemire.example/veille", "events": ["digest.ready"]}
    },
    "give_feedback": {
        "request": {
            "label": "relevance",
            "value": "homonym",
            "by": "Jeanne",
            "reason": "Une autre boulangerie",
        }
    },
    "undo_feedback": {"request": {"by": "Jeanne", "reason": "C'était bien nous"}},
    "decide_fix": {"request": {"fix_id": "ede3570257b7892a", "decision": "accepted", "by": "Jeanne"}},
    "acknowledge_alert": {"request": {"by": "Jeanne"}},
    "resolve_alert": {"request": {"by": "Jeanne"}},
    "call_alert_false": {"request": {"by": "Jeanne", "reason": "Une campagne de la ville"}},
    "change_alert_settings": {
        "request": {
            "people": [
                {
                    "name": "Jeanne",
                    "channels": [{"kind": "mail", "to": "jeanne@tournemire.example"}],
                    "quiet_from": "22:00",
                    "quiet_until": "07:00",
                },
                {
                    "name": "Astreinte",
                    "channels": [{"kind": "slack", "to": "https://hooks.slack.example/T0/B0/x"}],
                    "after_minutes": 15,
                },
            ],
            "outlets": ["matin-regions.example"],
            "mutes": [
                {"since": "2026-12-01T08:00:00Z", "until": "2026-12-03T20:00:00Z", "why": "Fête du pain"}
            ],
        }
    },
    "decide_review": {
        "request": {
            "version": 0,
            "note": "À suivre de près.",
            "by": "Claire",
            "added": [
                {
                    "title": "Le pain en débat",
                    "outlet": "Radio Gaves",
                    "kind": "radio",
                    "at": "2026-12-01T07:10:00Z",
                }
            ],
        }
    },
    "undo_fix": {"request": {"by": "Jeanne", "reason": "Trop large"}},
    "status": {"answer": {"status": "ok"}},
}
