"""The only room that names concrete adapters: each function's step, put together once per worker.

``SETTINGS_USED`` says which settings each function reads. Adapters are imported where they are made, so that a
function pays at its cold start only for what it uses. One module a concern:

==================  =========================================================
``alerting``        alert
``collecting``      what a collector hands on, and what is taken in from one
``common``          settings, the time
``stores``          tables, bucket, queues
``polling``         schedule, poll, pushes, searches on platforms
``watches``         compile, match, and what reads the archive
``recording``       deduplicate, classify, withdraw
``mailing``         digest, send
``adjudicating``    what puts unsure stories to a large model
``notifying``       what tells clients' own systems what happened
``billing``         subscriptions of self-serve clients
``data_care``       what takes data away, and erases it
``operating``       health, and what the stack may spend
``billing_rounds``  what time does to subscriptions
``desks``           what answers the API and the command line
``links``           what makes signed links
``site``            what they open
``signing_in``      the door of the client area
``signing_up``      people who sign up by themselves
``handlers``        what handlers do with a queue's messages
``scoping``         whose items a request may touch
``settings_used``   ``SETTINGS_USED``
==================  =========================================================
"""

from vigie.wiring.adjudicating import adjudicate, ask_later, large_model
from vigie.wiring.alerting import alert_desk, alerts, wake_alerts, wake_due_alerts
from vigie.wiring.billing import payment_events, payments, readings, stripe_keys, subscription_desk, trials
from vigie.wiring.billing_rounds import billing_round
from vigie.wiring.collecting import collected, collector_store, fill, heartbeat
from vigie.wiring.common import late_after_seconds, now, settings
from vigie.wiring.data_care import client_data, person_data
from vigie.wiring.desks import (
    address_desk,
    default_locale,
    desk,
    exports,
    feedback,
    key_desk,
    mention_desk,
    review_desk,
    source_views,
    story_desk,
    subject_desk,
    usage_desk,
    watch_fixes,
    why,
)
from vigie.wiring.handlers import kind_in, note_failure, open_message, park_message
from vigie.wiring.links import digest_links, link_secret, make_link_secret, review_link
from vigie.wiring.mailing import (
    appointments,
    deliver,
    digest,
    mail_events,
    overdue,
    preview,
    render_review,
    renderer,
    send,
    unsubscribe,
)
from vigie.wiring.notifying import (
    announce,
    courier,
    endpoint_store,
    endpoints,
    notify,
    notify_secret,
)
from vigie.wiring.operating import dead_letters, health, health_store
from vigie.wiring.polling import (
    arrivals,
    callbacks,
    check_sources,
    connectors,
    find_feeds,
    ingest,
    keep_up,
    make_stack_secret,
    pack_desk,
    plan_searches,
    platforms,
    poll,
    schedule,
    stack_secret,
)
from vigie.wiring.provider import mailer
from vigie.wiring.recording import classify, deduplicate, index_mentions, subjects, withdraw
from vigie.wiring.scoping import enter_scope, scoped_request, within_scope
from vigie.wiring.settings_used import SETTINGS_USED
from vigie.wiring.signing_in import limits, send_links, sign_in, sign_in_store, tokens
from vigie.wiring.signing_up import (
    joining,
    looking,
    register,
    send_confirmations,
    sign_ups,
    takes_sign_ups,
)
from vigie.wiring.site import acting, choosing, finding, reading, visits
from vigie.wiring.stores import (
    accounts,
    addresses,
    alert_store,
    billing_store,
    blobs,
    current_mentions,
    deliveries,
    digests,
    entitlements,
    feedback_store,
    followed_mentions,
    history,
    ledger,
    mentions,
    objections,
    outbox,
    quotas,
    reviewed_digests,
    reviews,
    sources,
    stories,
    subscriptions,
)
from vigie.wiring.watches import (
    BACKTEST_BUDGET_SECONDS,
    backfill,
    backtests,
    compact,
    compile_watches,
    jobs,
    match,
    start_backfill,
)

__all__ = [
    "BACKTEST_BUDGET_SECONDS",
    "SETTINGS_USED",
    "accounts",
    "acting",
    "address_desk",
    "addresses",
    "adjudicate",
    "alert_desk",
    "alert_store",
    "alerts",
    "announce",
    "appointments",
    "arrivals",
    "ask_later",
    "backfill",
    "backtests",
    "billing_round",
    "billing_store",
    "blobs",
    "callbacks",
    "check_sources",
    "choosing",
    "classify",
    "client_data",
    "collected",
    "collector_store",
    "compact",
    "compile_watches",
    "connectors",
    "courier",
    "current_mentions",
    "dead_letters",
    "deduplicate",
    "default_locale",
    "deliver",
    "deliveries",
    "desk",
    "digest",
    "digest_links",
    "digests",
    "endpoint_store",
    "endpoints",
    "enter_scope",
    "entitlements",
    "exports",
    "feedback",
    "feedback_store",
    "fill",
    "find_feeds",
    "finding",
    "followed_mentions",
    "health",
    "health_store",
    "heartbeat",
    "history",
    "index_mentions",
    "ingest",
    "jobs",
    "joining",
    "keep_up",
    "key_desk",
    "kind_in",
    "large_model",
    "late_after_seconds",
    "ledger",
    "limits",
    "link_secret",
    "looking",
    "mail_events",
    "mailer",
    "make_link_secret",
    "make_stack_secret",
    "match",
    "mention_desk",
    "mentions",
    "note_failure",
    "notify",
    "notify_secret",
    "now",
    "objections",
    "open_message",
    "outbox",
    "overdue",
    "pack_desk",
    "park_message",
    "payment_events",
    "payments",
    "person_data",
    "plan_searches",
    "platforms",
    "poll",
    "preview",
    "quotas",
    "reading",
    "readings",
    "register",
    "render_review",
    "renderer",
    "review_desk",
    "review_link",
    "reviewed_digests",
    "reviews",
    "schedule",
    "scoped_request",
    "send",
    "send_confirmations",
    "send_links",
    "settings",
    "sign_in",
    "sign_in_store",
    "sign_ups",
    "source_views",
    "sources",
    "stack_secret",
    "start_backfill",
    "stories",
    "story_desk",
    "stripe_keys",
    "subject_desk",
    "subjects",
    "subscription_desk",
    "subscriptions",
    "takes_sign_ups",
    "tokens",
    "trials",
    "unsubscribe",
    "usage_desk",
    "visits",
    "wake_alerts",
    "wake_due_alerts",
    "watch_fixes",
    "why",
    "withdraw",
    "within_scope",
]
