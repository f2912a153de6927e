"""The territory: places without any tier in code, dated links between them, dated codes, and who came from whom."""

from django.db import models
from django.db.models import F, Q

from nguon.kit import ids


class Place(models.Model):
    """A node of the tree. `kind` is a word for people (xã, thị trấn, thôn…) and means nothing to the code."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    folded = models.CharField(max_length=160, db_index=True)
    population = models.PositiveIntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    valid_from = models.DateField(null=True)  # empty: since before anyone here counted
    valid_to = models.DateField(null=True)  # the last day in force; empty: still in force

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")), name="place_dates"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


class Link(models.Model):
    """From when to when one place lies in another."""

    child = models.ForeignKey(Place, models.PROTECT, related_name="up_links")
    parent = models.ForeignKey(Place, models.PROTECT, related_name="down_links")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(child=F("parent")), name="link_not_itself"),
            models.UniqueConstraint(fields=["child"], condition=Q(valid_to=None), name="link_one_parent_now"),
        ]


class Code(models.Model):
    """An official code of a place. Codes are reused with a new meaning, so a code is only a name for a time."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="codes")
    system = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["system", "code"])]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], condition=Q(valid_to=None), name="code_one_place_now")
        ]


class Succession(models.Model):
    """`old` went into `new` on a day. A merge is many rows with one `new`, a split many rows with one `old`."""

    old = models.ForeignKey(Place, models.PROTECT, related_name="successors")
    new = models.ForeignKey(Place, models.PROTECT, related_name="predecessors")
    on = models.DateField()
    basis = models.CharField(max_length=200)  # the decision, in words
    verified = models.BooleanField(default=False)  # read in the text itself, not inferred

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="succession_not_itself"),
        ]
