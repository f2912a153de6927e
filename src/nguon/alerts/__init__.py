"""Alerts: from what is known to every loudspeaker, with two people's hands on it."""
