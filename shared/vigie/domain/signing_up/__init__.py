"""Signing up by oneself: companies of the public register, words of a first watch, what is held, what is kept."""
