"""Who works where and may do what, always for a place and all below it."""

from datetime import date
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from nguon.kit import ids
from nguon.people import scope
from nguon.places.models import Place


class Office(models.Model):
    """An office that people belong to and bulletins come from."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=200)
    place = models.ForeignKey(Place, models.PROTECT, related_name="offices")
    succeeded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Person(AbstractUser):
    """An officer who can sign in (Django's own auth; `username` is what they type)."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    full_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)  # chức vụ
    phone = models.CharField(max_length=20, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="people")
    password_is_initial = models.BooleanField(default=False)  # given by an administrator: to be changed at first use
    is_demonstration = models.BooleanField(default=False)  # its password is known to all: no second factor is asked for

    class Meta:
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rsplit(" ", 1)[-1] if self.full_name else self.username

    def reach(self, right: str, on: date | None = None, within: UUID | None = None) -> frozenset[UUID]:
        """Where this person has the right (`people.scope`, for the floors that cannot import it).

        `within` keeps only what that place answers for.
        """
        return scope.place_ids(self, right, on, within=within)

    def place_names(self, right: str) -> dict[UUID, str]:
        """The names of the places where this person has the right, now or before, by name."""
        found = Place.objects.filter(pk__in=self.reach(right)).order_by("folded")
        return {place.pk: str(place) for place in found}

    def everywhere(self, right: str) -> bool:
        """Whether this person has the right in all of the territory."""
        return scope.everywhere(self, right)


class Kind(models.TextChoices):
    """The roles. What each may do is `people.rules.RIGHTS`."""

    ADMIN = "admin", pgettext_lazy("role", "Quản trị")
    EDITOR = "editor", pgettext_lazy("role", "Biên tập")
    APPROVER = "approver", pgettext_lazy("role", "Duyệt")
    TECHNICIAN = "technician", pgettext_lazy("role", "Kỹ thuật")
    WATCHER = "watcher", pgettext_lazy("role", "Theo dõi")
    WEB = "web", pgettext_lazy("role", "Biên tập trang")
    DESK = "desk", pgettext_lazy("role", "Tiếp nhận phản ánh")


class Role(models.Model):
    """One person, one kind of role, for one place and all below it, from a day to a day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="roles")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "place"], condition=Q(valid_to=None), name="role_once_now"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="role_known_kind"),
        ]


from nguon.people.consent_models import Change, ChangeState  # noqa: E402 - beside, so that each file is short
from nguon.people.door_models import Factor, FactorKind, Measure, RecoveryCode, Tries, Visit  # noqa: E402

__all__ = [
    "Change",
    "ChangeState",
    "Factor",
    "FactorKind",
    "Kind",
    "Measure",
    "Office",
    "Person",
    "RecoveryCode",
    "Role",
    "Tries",
    "Visit",
]
