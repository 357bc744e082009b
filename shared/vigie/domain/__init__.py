"""Decisions: pure functions and frozen values, standard library only; ``now`` and chance are arguments."""
