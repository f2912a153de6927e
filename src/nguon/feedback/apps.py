"""Feedback as a Django app."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Cases, who works on them, what is answered, and the personal data kept apart."""

    name = "nguon.feedback"
    verbose_name = "Phản ánh, kiến nghị"
