"""How surveys speak for themselves towards review. Named in settings."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.portal.models import Survey
from nguon.portal.surveys import queries, rules
from nguon.review.subjects import Shown, Standing


class SurveySheet:
    """The subject `portal.survey`."""

    personal = False

    def standing(self, pk: UUID) -> Standing | None:
        """Its digest while it is not withdrawn. There is no sound: both hashes are that."""
        found = Survey.objects.filter(pk=pk, withdrawn_at=None).first()
        return Standing(found.digest, found.digest, queries.writers(pk)) if found else None

    def url(self, pk: UUID) -> str:
        """The page of the survey."""
        return reverse("portal:surveys:detail", args=[pk])

    def shown(self, pk: UUID) -> Shown:
        """The sheet as people will see it."""
        survey = Survey.objects.select_related("site", "file").get(pk=pk)
        context = {
            "survey": survey,
            "questions": list(enumerate(rules.of_json(survey.questions))),
            "steps": rules.STEPS,
            "text_hash": survey.digest,
            "media_hash": survey.digest,
            "go": _("Mở phiếu này"),
            "back": _("Xem phiếu này"),
        }
        return Shown("portal/surveys/reviewed.html", context)
