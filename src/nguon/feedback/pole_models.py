"""The short code on the sticker of a pole or a board: it outlives keys and names, so it stands in a table."""

from django.db import models

from nguon.devices.models import Device


class PoleCode(models.Model):
    """Which device a sticker hangs on. Everybody may read the code: it opens a form and nothing else."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="pole_code")
    code = models.CharField(max_length=12, unique=True)
    created_at = models.DateTimeField()
