"""Self-serve clients' subscriptions: what they pay, what the provider tells, what time does."""
