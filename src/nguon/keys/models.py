"""Keys that sign what devices obey. Secrets are sealed by the vault, each bound to its row."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from nguon.kit import ids
from nguon.places.models import Place


class AuthorityKey(models.Model):
    """A key of a place that gives orders. A `spare` signs nothing until the other of its place is taken back."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="keys")
    kid = models.CharField(max_length=43, unique=True)
    public = models.CharField(max_length=43)
    secrets = models.BinaryField()
    spare = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("made_at")), name="key_ends_later"),
            models.UniqueConstraint(
                fields=["place"], condition=Q(spare=True, revoked_at=None), name="key_one_spare_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kid} ({self.place})"


class PersonKey(models.Model):
    """The key an officer signs emergencies with; an authority vouches for it each time."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="keys")
    kid = models.CharField(max_length=43, unique=True)
    public = models.CharField(max_length=43)
    secrets = models.BinaryField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(revoked_at=None), name="key_one_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.kid} ({self.person})"


class Number(models.Model):
    """The last number of an order that an authority gave."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, related_name="+")
    last = models.PositiveBigIntegerField(default=0)


class Edition(models.Model):
    """One row for each change of any authority's keys: the highest id is the version devices are to hold."""

    at = models.DateTimeField()
