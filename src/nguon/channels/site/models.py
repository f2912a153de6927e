"""What the channel of sites keeps beside the sites themselves, which are of `portal`."""

from nguon.channels.site.broken.models import Broken, Look
from nguon.channels.site.copies.models import Copy

__all__ = ["Broken", "Copy", "Look"]
