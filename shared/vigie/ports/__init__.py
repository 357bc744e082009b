"""What the steps need of the world, as Protocols. Adapters provide them; tests pass fakes.

Every store keeps two promises, checked by one contract suite on the fakes and on the emulated services:
writes are idempotent by key, and what "claims" or "records once" returns the first answer ever after.

=============  ======================================================
``outside``    the world outside: the time, feeds, hubs
``cloud``      what the cloud does for steps: queues, objects, functions called
``mail``       mails, and digests as mails say them
``platforms``  platforms that are searched, and what each lets one spend
``sources``    sources, their shards and windows; hubs' subscriptions
``stories``    stories
``mentions``   the ledger, mentions and what people and models said of them
``digests``    digests, their review and their deliveries
``accounts``   clients, their watches and keys
``billing``    subscriptions and who takes the money
``signing``    people who sign up and sign in by themselves
``alerts``     what is remembered to raise alerts, and who tells them; imported by name, for it brings their domain
=============  ======================================================
"""

from vigie.ports.accounts import AccountStore, KeyStore, WatchChange, WatchesState
from vigie.ports.billing import BillingStore, CheckoutOrder, Payments
from vigie.ports.cloud import LONGEST_DELAY_SECONDS, Blobs, Outbox, Workers
from vigie.ports.digests import AddressStore, DeliveryStore, DigestEntry, DigestStore, DueDigest, ReviewStore
from vigie.ports.mail import Mail, Mailer, RenderedDigest, Renderer
from vigie.ports.mentions import (
    Classifier,
    Corrections,
    FeedbackStore,
    LedgerStore,
    MentionStore,
    ObjectionStore,
    Page,
    Recording,
    Said,
)
from vigie.ports.outside import Clock, FeedParser, Fetcher, Hub
from vigie.ports.platforms import Budgets, Connector, FollowsFeeds, Platform, PlatformSetup, Rechecks
from vigie.ports.signing import CompanyRegister, SignInStore, SignUpStore
from vigie.ports.sources import NOTHING_COUNTED, RETIRED_DAYS, ShardHead, SourceStore, SubscriptionStore
from vigie.ports.stories import Posting, StoryRoots, StoryStore

__all__ = [
    "LONGEST_DELAY_SECONDS",
    "NOTHING_COUNTED",
    "RETIRED_DAYS",
    "AccountStore",
    "AddressStore",
    "BillingStore",
    "Blobs",
    "Budgets",
    "CheckoutOrder",
    "Classifier",
    "Clock",
    "CompanyRegister",
    "Connector",
    "Corrections",
    "DeliveryStore",
    "DigestEntry",
    "DigestStore",
    "DueDigest",
    "FeedParser",
    "FeedbackStore",
    "Fetcher",
    "FollowsFeeds",
    "Hub",
    "KeyStore",
    "LedgerStore",
    "Mail",
    "Mailer",
    "MentionStore",
    "ObjectionStore",
    "Outbox",
    "Page",
    "Payments",
    "Platform",
    "PlatformSetup",
    "Posting",
    "Rechecks",
    "Recording",
    "RenderedDigest",
    "Renderer",
    "ReviewStore",
    "Said",
    "ShardHead",
    "SignInStore",
    "SignUpStore",
    "SourceStore",
    "StoryRoots",
    "StoryStore",
    "SubscriptionStore",
    "WatchChange",
    "WatchesState",
    "Workers",
]
