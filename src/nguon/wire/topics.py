"""The topics of the broker. `PREFIX/dev/<device>/up/…` is written by the device, `…/down` only by the server.

An area is a place, at any depth, or a group of devices. Each channel has a topic of its own there,
`PREFIX/area/<id>/<channel>`, and an order to all devices of one channel is one publish: no loudspeaker pays for the
orders of boards. Ids are 32 hexadecimal digits.
"""

PREFIX = "nguon/1"
RECEIPTS = f"{PREFIX}/dev/+/up/receipt"
VITALS = f"{PREFIX}/dev/+/up/vitals"
PRESENCE = f"{PREFIX}/dev/+/up/presence"
UPLINK = f"{PREFIX}/dev/+/up/+"
SERVER = f"{PREFIX}/server"  # how the services are, for those who watch them; devices may not read it


def area(area_id: str, channel: str) -> str:
    """Where orders to every device of one channel in one area are published; `+` for the channel: of all of them."""
    return f"{PREFIX}/area/{area_id}/{channel}"


def down(device_id: str) -> str:
    """Where orders, settings and acknowledgements to one device are published."""
    return f"{PREFIX}/dev/{device_id}/down"


def up(device_id: str, what: str) -> str:
    """Where one device writes; `what` is receipt, vitals or presence."""
    return f"{PREFIX}/dev/{device_id}/up/{what}"


def sender(topic: str) -> tuple[str, str]:
    """(device id, what) of an uplink topic. Raises ValueError for any other topic."""
    parts = topic.split("/")
    if len(parts) != 6 or parts[2] != "dev" or parts[4] != "up":
        raise ValueError(f"not an uplink topic: {topic}")
    return parts[3], parts[5]
