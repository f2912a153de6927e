"""Relays of live sound: our own, and Icecast where one stands. Both take a source by HTTP PUT."""
