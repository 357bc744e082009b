"""What the environment says, read once. Names carry their units; the template sets each variable."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from vigie.errors import BadField

PREFIX = "VIGIE_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One stack's settings. A field ``host_spacing_seconds`` is read from ``VIGIE_HOST_SPACING_SECONDS``.

    Fields without a default must be set; a function is given only the variables it uses, so each is read
    through ``need`` at the moment wiring asks for it, and a missing one is named.
    """

    stack: str = ""
    locale: str = "fr"
    sources_table: str = ""
    stories_table: str = ""
    ledger_table: str = ""
    mentions_table: str = ""
    digests_table: str = ""
    accounts_table: str = ""
    bucket: str = ""
    shards_queue_url: str = ""
    fetched_queue_url: str = ""
    matched_queue_url: str = ""
    grouped_queue_url: str = ""
    adjudicate_queue_url: str = ""
    notify_queue_url: str = ""
    digests_queue_url: str = ""
    dead_letters_url: str = ""
    monthly_cap_usd: float = (
        0.0  # what the stack may spend in a calendar month, by its own estimate; 0: no cap
    )
    sender: str = ""
    configuration_set: str = ""
    smtp_server: str = ""  # host:port of the server that takes our mails; none: SES does
    smtp_secret_name: str = ""
    contact_url: str = ""
    key_requests_per_minute: int = 300
    api_allowed_origin: str = ""  # the web page that browsers may let ask the API; none: no page
    callback_url: str = ""  # where hubs reach this stack; none: it takes no pushes
    push_secret_name: str = ""
    backtest_function: str = ""
    alert_function: str = ""
    send_function: str = ""
    sms: str = "off"
    site_url: str = (
        ""  # where clients reach the site, without a slash at the end; none: mails hold no links to it
    )
    link_secret_name: str = ""
    sign_up: str = "off"  # or on: anybody may sign up by themselves, on public pages
    scope_role_arn: str = ""  # assumed for a client's request, with a policy of its keys; none: not
    publisher: str = ""  # who answers for the public pages, as the law wants it said; lines part at "|"
    connectors_prefix: str = ""  # the path of the platforms' credentials
    collected_topic: str = ""  # where a collector hands on what it polls; none: it collects for nobody
    collector_archive: str = ""  # of the stack that collects for this one; none: it polls alone
    shard_count: int = 16
    poll_interval_seconds: int = 900
    poll_lease_seconds: int = 110
    poll_budget_seconds: int = 60
    host_spacing_seconds: float = 1.0
    settle_seconds: int = 120
    mails_per_second: float = 10.0  # what the provider takes from the whole stack
    send_workers: int = 5  # who share that
    mention_retention_days: int = 395
    story_retention_days: int = 30
    webhooks: str = "off"  # or on: what happens is posted to clients' own addresses
    notify_secret_name: str = ""
    stripe_secret_name: str = ""  # of Stripe's keys, as JSON
    large_model: str = "none"  # or bedrock, comprehend
    large_model_id: str = ""
    large_model_monthly_usd: float = 10.0
    large_model_input_microdollars: int = 250  # for a thousand tokens
    large_model_output_microdollars: int = 1250
    local_allow: str = ""  # only the local run sets it; see docs/decisions and adapters.http_guard
    local_stripe: str = ""  # likewise: where its stub of Stripe is
    local_register: str = ""  # likewise: where its register of companies is
    local_platforms: str = ""  # likewise: where its platforms are, "bluesky=http://127.0.0.1:9001 …"

    @classmethod
    def from_mapping(cls, environment: Mapping[str, str]) -> "Settings":
        """Read ``VIGIE_*`` from ``environment``. Raises BadField naming a variable that is no number."""
        values: dict[str, object] = {}
        for item in fields(cls):
            name = PREFIX + item.name.upper()
            text = environment.get(name)
            if text is not None:
                values[item.name] = _typed(name, text, type(item.default))
        return cls(**values)  # type: ignore[arg-type]  # each value was read as its default's type

    def need(self, name: str) -> str:
        """Return a setting this function cannot do without. Raises BadField when it is not set."""
        value = str(getattr(self, name))
        if not value:
            raise BadField(PREFIX + name.upper(), "is not set", "The template sets it for this function.")
        return value


def _typed(name: str, text: str, kind: type) -> object:
    try:
        return kind(text)
    except ValueError as error:
        raise BadField(name, f"{text!r} is no {kind.__name__}", "Give a number.") from error
