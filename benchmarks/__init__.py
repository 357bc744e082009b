"""Figures, each against something known, in one run. ``python -m benchmarks`` runs them all."""
