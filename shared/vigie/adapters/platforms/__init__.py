"""Platforms asked through their own APIs: plain HTTP, one module each, behind ``ports.Connector``."""
