"""Alerts: what is unusual, what is worth waking somebody for, and what became of it."""
