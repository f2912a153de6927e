"""`nguon account`: the way in for an administrator who lost their second step and has nobody above."""

import pytest
from click.testing import CliRunner

from nguon.cli.account import command
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people import factors
from nguon.people.models import Factor, RecoveryCode
from tests.app.test_doors import with_telephone
from tests.app.test_people import District

pytestmark = pytest.mark.django_db


def test_a_lost_second_step_is_taken_away_at_the_server() -> None:
    district = District()
    secret = with_telephone(district.chief)
    factors.new_codes(actor=district.chief, now=clock.now())
    with_telephone(district.admin)
    shown = CliRunner().invoke(command, ["show", "CHIEF"])
    assert "totp: Điện thoại" in shown.output
    assert "left: 10" in shown.output
    assert secret not in shown.output
    done = CliRunner().invoke(command, ["take-away", "chief"])
    assert done.exit_code == 0, done.output
    assert [one.person for one in Factor.objects.all()] == [district.admin]
    assert not RecoveryCode.objects.exists()
    told = Entry.objects.get(verb="people.factors-reset")
    assert (told.actor, told.before) == ("nguon account", {"count": 1})


def test_a_name_that_nobody_has_is_said(db: None) -> None:
    done = CliRunner().invoke(command, ["take-away", "khong-co"])
    assert done.exit_code == 1
    assert "Không có ai" in done.output
