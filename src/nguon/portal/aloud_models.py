"""What is read aloud by the product's own voice once it is public: pages, papers, events."""

from django.db import models

from nguon.media.models import Rendition, State


class ReadAloud(models.Model):
    """How a public thing sounds. Empty both: nobody asked for it yet, or it is not public."""

    sound = models.ForeignKey(Rendition, models.PROTECT, null=True, related_name="+")
    unsaid = models.CharField(max_length=400, blank=True)  # why it is not read, in words for its owner

    class Meta:
        abstract = True

    @property
    def percent(self) -> int:
        """How much of the sound is made."""
        return round(100 * self.sound.progress) if self.sound else 0

    @property
    def heard(self) -> bool:
        """Whether there is something to hear."""
        return self.sound is not None and self.sound.state == State.READY
