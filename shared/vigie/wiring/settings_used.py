"""Which settings each function reads: the template gives it those variables and no others, and a test compares."""

SETTINGS_USED: dict[str, frozenset[str]] = {
    "schedule": frozenset(
        {
            "sources_table",
            "accounts_table",
            "shards_queue_url",
            "bucket",
            "shard_count",
            "connectors_prefix",
        }
    ),
    "poll": frozenset(
        {
            "sources_table",
            "ledger_table",
            "bucket",
            "fetched_queue_url",
            "grouped_queue_url",
            "shards_queue_url",
            "contact_url",
            "callback_url",
            "push_secret_name",
            "connectors_prefix",
            "poll_interval_seconds",
            "poll_lease_seconds",
            "poll_budget_seconds",
            "host_spacing_seconds",
        }
    ),
    "webhooks": frozenset({"sources_table", "bucket", "shards_queue_url", "push_secret_name"}),
    "compile": frozenset({"accounts_table", "bucket"}),
    "compact": frozenset({"bucket", "accounts_table", "mentions_table", "mention_retention_days"}),
    "backtest": frozenset({"bucket", "accounts_table", "matched_queue_url"}),
    "match": frozenset({"accounts_table", "ledger_table", "bucket", "matched_queue_url"}),
    "deduplicate": frozenset(
        {
            "stories_table",
            "ledger_table",
            "bucket",
            "grouped_queue_url",
            "story_retention_days",
            "mention_retention_days",
        }
    ),
    "classify": frozenset(
        {
            "accounts_table",
            "mentions_table",
            "ledger_table",
            "bucket",
            "mention_retention_days",
            "large_model",
            "adjudicate_queue_url",
            "alert_function",
            "webhooks",
            "notify_queue_url",
        }
    ),
    "notify": frozenset(
        {
            "accounts_table",
            "mentions_table",
            "stories_table",
            "ledger_table",
            "bucket",
            "notify_queue_url",
            "notify_secret_name",
            "contact_url",
            "mention_retention_days",
        }
    ),
    "adjudicate": frozenset(
        {
            "accounts_table",
            "mentions_table",
            "stories_table",
            "sources_table",
            "ledger_table",
            "bucket",
            "adjudicate_queue_url",
            "mention_retention_days",
            "large_model",
            "large_model_id",
            "large_model_monthly_usd",
            "large_model_input_microdollars",
            "large_model_output_microdollars",
        }
    ),
    "alert": frozenset(
        {
            "accounts_table",
            "mentions_table",
            "digests_table",
            "ledger_table",
            "sender",
            "configuration_set",
            "smtp_server",
            "smtp_secret_name",
            "contact_url",
            "site_url",
            "link_secret_name",
            "sms",
            "mention_retention_days",
        }
    ),
    "digest": frozenset(
        {
            "accounts_table",
            "digests_table",
            "mentions_table",
            "stories_table",
            "ledger_table",
            "sources_table",
            "bucket",
            "digests_queue_url",
            "settle_seconds",
            "poll_interval_seconds",
            "mention_retention_days",
            "alert_function",
        }
    ),
    "send": frozenset(
        {
            "accounts_table",
            "digests_table",
            "ledger_table",
            "bucket",
            "digests_queue_url",
            "sender",
            "configuration_set",
            "smtp_server",
            "smtp_secret_name",
            "mails_per_second",
            "send_workers",
            "mention_retention_days",
            "site_url",
            "link_secret_name",
            "webhooks",
            "notify_queue_url",
        }
    ),
    "health": frozenset(
        {
            "stack",
            "sources_table",
            "accounts_table",
            "mentions_table",
            "digests_table",
            "ledger_table",
            "bucket",
            "shards_queue_url",
            "fetched_queue_url",
            "matched_queue_url",
            "grouped_queue_url",
            "adjudicate_queue_url",
            "notify_queue_url",
            "digests_queue_url",
            "dead_letters_url",
            "poll_interval_seconds",
            "mention_retention_days",
            "large_model_monthly_usd",
            "monthly_cap_usd",
        }
    ),
    "site": frozenset(
        {
            "accounts_table",
            "mentions_table",
            "stories_table",
            "digests_table",
            "sources_table",
            "bucket",
            "mention_retention_days",
            "locale",
            "site_url",
            "link_secret_name",
        }
    ),
    "api": frozenset(
        {
            "accounts_table",
            "mentions_table",
            "stories_table",
            "digests_table",
            "ledger_table",
            "sources_table",
            "bucket",
            "settle_seconds",
            "poll_interval_seconds",
            "mention_retention_days",
            "locale",
            "backtest_function",
            "api_allowed_origin",
            "key_requests_per_minute",
            "webhooks",
            "notify_queue_url",
            "notify_secret_name",
            "contact_url",
        }
    ),
}
