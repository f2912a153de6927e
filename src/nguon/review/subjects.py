"""What is reviewed, as review sees it. Each kind of subject is one line of settings: its name and who speaks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from uuid import UUID

from django.conf import settings

from nguon.kit.plugs import load


@dataclass(frozen=True)
class Standing:
    """The subject as it is now: the hashes of its newest text and audio, and everyone who wrote in it."""

    text_hash: str
    media_hash: str
    authors: frozenset[UUID]


@dataclass(frozen=True)
class Shown:
    """How the subject stands on the approver's page: a template and what it needs.

    `go` and `back` of the context are the words that lead to the subject's own page, where it is no bulletin.
    """

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


class Subject(Protocol):
    """One kind of thing that can be reviewed. `pk` is the id in the subject string.

    `personal`: what is said about it may tell who somebody is, so its reasons stay out of the journal, which forgets
    nothing.
    """

    personal: bool

    def standing(self, pk: UUID) -> Standing | None:
        """As it is now; None if it is no longer the newest of its kind or has no audio."""

    def url(self, pk: UUID) -> str:
        """The address of the subject's own page, for those who may see it."""

    def shown(self, pk: UUID) -> Shown:
        """What the approver reads and hears. The context holds `text_hash` and `media_hash` of just that."""


def of(subject: str) -> tuple[Subject, UUID]:
    """Who speaks for a subject string `app.model:id`, and the id. Raises LookupError for an unknown kind."""
    kind, _, pk = subject.partition(":")
    try:
        return cast("Subject", load(settings.NGUON_REVIEWED[kind])()), UUID(pk)
    except (KeyError, ValueError) as error:
        raise LookupError(f"nobody speaks for {subject!r}") from error
