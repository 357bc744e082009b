"""Trains the linear heads that the classifier carries; never part of what a Lambda loads."""
