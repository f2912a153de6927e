"""What is remembered for two days of what came without signing in, to tell a flood from people. Hashes only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Held(models.TextChoices):
    """Why a case waits among what may be abuse. It is not lost: an officer looks and lets it out."""

    TRAP = "trap", _("Điền cả ô mà người dùng không nhìn thấy")
    SAME_WORDS = "same-words", _("Nội dung giống hệt hoặc gần hệt nhiều phản ánh khác")
    ORIGIN = "origin", _("Gửi quá nhiều từ một địa chỉ mạng")
    NO_PROOF = "no-proof", _("Gửi lúc đang có quá nhiều phản ánh mà chưa qua kiểm tra tự động")


class Arrival(models.Model):
    """One telling: hashes of where it came from and of its words."""

    origin = models.CharField(max_length=64, blank=True)  # empty: this machine, or not known
    words = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["origin", "at"], name="arrival_from"),
            models.Index(fields=["words", "at"], name="arrival_words"),
        ]


class Spent(models.Model):
    """A challenge that was answered: it counts once."""

    challenge = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField(db_index=True)
