"""Telling people of alerts: by mail, in a chat's channel, by SMS."""
