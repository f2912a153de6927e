"""Protocols for what Django has no setting for; plugs implement them, each has a contract suite and a harmless twin."""
