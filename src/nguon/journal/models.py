"""The journal: append-only rows, each carrying the hash of the one before."""

from django.db import models


class Entry(models.Model):
    """Who did what to what. Written by `actions.record` only; never changed or deleted."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=64)  # a person's id, or the name of a service
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)  # app.action, for instance review.approve
    subject = models.CharField(max_length=100)  # app.model:id
    place = models.UUIDField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "id"]), models.Index(fields=["place", "id"])]


class Head(models.Model):
    """The end of the chain: one row, locked while appending, so that no two entries follow the same one."""

    digest = models.CharField(max_length=64)
    count = models.BigIntegerField(default=0)
