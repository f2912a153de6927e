"""Other systems, by Open311 GeoReport v2: who may post to us, and authorities to which we pass cases on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from nguon.kit import ids
from nguon.places.models import Place


class Client(models.Model):
    """A program that may post cases. Its key is shown once; only the hash is kept.

    `consent`: whoever runs it asks people for consent to hand their contact on; else no contact is taken from it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="open311_clients")  # its cases are there or below
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    consent = models.BooleanField(default=False)
    hourly = models.PositiveSmallIntegerField(default=60)  # posts an hour
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]


class Posted(models.Model):
    """That a case came from a program."""

    case = models.OneToOneField("feedback.Case", models.CASCADE, primary_key=True, related_name="posted")
    client = models.ForeignKey(Client, models.PROTECT, related_name="posted")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "-at"])]


class Authority(models.Model):
    """An authority elsewhere that takes cases by Open311."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="open311_authorities")  # whose officers may use it
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=500)  # of the endpoint: what stands before /services.json
    jurisdiction = models.CharField(max_length=120, blank=True)
    service = models.CharField(max_length=120)  # the service_code under which ours go there
    secrets = models.BinaryField(default=b"")  # `vault.seal({"key": api_key})`
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Forwarded(models.Model):
    """A case on its way to an authority, and how it stands there as far as that tells."""

    case = models.OneToOneField("feedback.Case", models.CASCADE, primary_key=True, related_name="forwarded")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="forwarded")
    words = models.TextField()  # what is sent: without who told it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=200, blank=True)  # their service_request_id
    token = models.CharField(max_length=200, blank=True)  # theirs, until there is a number
    status = models.CharField(max_length=40, blank=True)  # open, closed
    notes = models.TextField(blank=True)  # their status_notes
    next_at = models.DateTimeField(null=True)  # the next look; empty: no more
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    fault = models.CharField(max_length=300, blank=True)  # words for the officer

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="forwarded_due")]
