"""What was found of the links of a site."""

from django.db import models
from django.db.models import F, Q

from nguon.kit import ids
from nguon.portal.models import Site


class Look(models.Model):
    """When all links of a site were last looked at, and how many there were."""

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, related_name="link_look")
    looked_at = models.DateTimeField()
    links = models.PositiveIntegerField(default=0)


class Broken(models.Model):
    """A link that led nowhere at the last look. `source`: what it is in (`page:<id>`); `mend`: where that is mended.

    `first_on`, `last_on`: the days of the first and of the last look that found it so.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="broken_links")
    source = models.CharField(max_length=60)
    where = models.CharField(max_length=400)
    mend = models.CharField(max_length=200)
    words = models.CharField(max_length=300)
    address = models.CharField(max_length=1000)
    foreign = models.BooleanField()
    fault = models.CharField(max_length=20)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering = ["where", "address"]
        constraints = [models.UniqueConstraint(fields=["site", "source", "address"], name="site_broken_link_once")]


# Of another server it is told only when it failed on two days: one that rests for a night is not broken.
TOLD = Q(foreign=False) | Q(last_on__gt=F("first_on"))
