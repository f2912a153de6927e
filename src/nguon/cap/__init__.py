"""CAP 1.2, the Common Alerting Protocol: messages read, written, signed, verified and listed; and what we warn of.

A room of its own on the ground, since the standard is the standard: the alerts write it, the website and the boards
show it, links to other systems send and take it. It knows no database and no network.
"""
