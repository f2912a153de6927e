"""Who asked to be told on a telephone, what they are told, and what is on its way. Nobody is named in it."""

from django.db import models
from django.db.models import Q

from nguon.kit import ids


class PushKey(models.Model):
    """The key by which push services know this installation (RFC 8292). There is one; subscriptions are bound to it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    only = models.BooleanField(default=True, unique=True)
    public = models.CharField(max_length=90)  # the point, uncompressed, base64url
    secrets = models.BinaryField()  # `vault.seal({"key": PEM})`
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="push_key_is_the_only")]


class News(models.TextChoices):
    """Which articles a follower is told of."""

    NONE = "none"
    ALL = "all"
    SOME = "some"  # those of some sections


class Follower(models.Model):
    """One browser that asked to be told of one site. Its address and keys are sealed; `digest` finds it again."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    site = models.ForeignKey("portal.Site", models.CASCADE, related_name="followers")
    digest = models.CharField(max_length=64)  # SHA-256 of its address
    host = models.CharField(max_length=255)  # of the push service
    secrets = models.BinaryField()  # `vault.seal({"endpoint": …, "p256dh": …, "auth": …})`
    warnings = models.BooleanField(default=False)
    news = models.CharField(max_length=10, choices=News.choices, default=News.NONE)
    sections = models.JSONField(default=list)  # keys of sections, for `News.SOME`
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # when the push service last took something for it
    failing_since = models.DateTimeField(null=True)  # the first refusal after that

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "digest"], name="follower_once_on_a_site")]
        indexes = [
            models.Index(fields=["failing_since"], condition=Q(failing_since__isnull=False), name="follower_failing")
        ]


class NoticeKind(models.TextChoices):
    """What a notice tells of."""

    WARNING = "warning"
    ENDED = "ended"  # that a warning is over
    NEWS = "news"


class Notice(models.Model):
    """One thing that the followers of a site are told, once. `about`: the alert or the posting.

    `topic`: what is on its way under the same one is replaced. `ended_at`: of a warning that is no longer in force.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    site = models.ForeignKey("portal.Site", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    about = models.UUIDField()
    topic = models.CharField(max_length=32)
    payload = models.JSONField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()  # later it is of no use to anybody
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "kind", "about"], name="notice_once_on_a_site")]
        indexes = [
            models.Index(fields=["made_at"]),
            models.Index(fields=["site"], condition=Q(kind="warning", ended_at=None), name="notice_in_force"),
        ]


class Parcel(models.Model):
    """One notice on its way to one follower. It is gone once it was taken, or of no use any more."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="parcels")
    follower = models.ForeignKey(Follower, models.CASCADE, related_name="parcels")
    urgent = models.BooleanField()  # warnings do not stand in line behind news
    next_at = models.DateTimeField()  # when it is sent next; while somebody sends it, until when that holds
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["urgent", "next_at"])]
