"""Signing up by oneself: look, ask, confirm; what ops release."""
