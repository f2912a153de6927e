"""Many devices in one process, each with the core of a real one: for load tests and demonstrations.

What is simulated, and only that: the link is a lean MQTT 3.1.1 client, the player keeps time and makes no sound, the
state is not written to disk, and a content is downloaded once for all (with the credentials of the first that asks).
"""

from nguon.agent.swarm.swarm import Swarm

__all__ = ["Swarm"]
