"""Deciding what a platform is asked for, how often and within which budget. Pure; adapters do the asking."""
