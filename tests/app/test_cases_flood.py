"""A flood of tellings: what looks like it is held apart, nothing is lost, and a real one stands among the others."""

import itertools
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nguon.feedback import actions, guarding, poles, queries
from nguon.feedback.actions import Wait, WrongTelling
from nguon.feedback.models import Arrival, Case, Held, Spent
from tests.app.desk import device
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db
FLOOD = 1000


@pytest.fixture
def hall() -> Hall:
    return make_hall()


def answer(token: str, bits: int) -> str:
    return next(str(n) for n in itertools.count() if guarding.zero_bits(token, str(n)) >= bits)


def proof(hall: Hall) -> str:
    asked = guarding.challenge(hall.now)
    return f"{asked.token}:{answer(asked.token, asked.bits)}"


def test_a_flood_hides_no_real_one(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "FROM_ONE_MOST", FLOOD + 10)
    for number in range(FLOOD):
        words = f"MUA NGAY thuốc bổ số {number} tại trang bán hàng của chúng tôi, giá rẻ nhất, giao tận nơi!"
        address = f"203.0.113.{number % 250}" if number % 2 else "198.51.100.7"
        hall.taken(words=words, origin=address, now=hall.now + timedelta(milliseconds=100 * number))
    real = hall.case(origin="192.0.2.9", proof=proof(hall), now=hall.now + timedelta(seconds=101))
    seen = queries.cases(hall.clerk)
    assert seen.count() == FLOOD + 1
    plain = list(seen.filter(held="").order_by("-received_at"))
    assert plain[0] == real
    assert len(plain) <= 5  # the first few of the flood look like anything else
    assert not seen.exclude(held="").filter(next_look_at__isnull=False).exists()


def test_what_is_held_is_let_out_with_the_deadlines_it_always_had(hall: Hall) -> None:
    case = hall.case(trap="http://example.com")
    assert (case.held, case.next_look_at) == (Held.TRAP, None)
    due = case.answer_by
    actions.release(case=case, actor=hall.clerk, now=hall.now + timedelta(days=1))
    assert (case.held, case.answer_by) == ("", due)
    assert case.next_look_at is not None


def test_the_same_words_again_and_again_are_held(hall: Hall) -> None:
    held = [hall.case(words="Đường hỏng quá!", origin=f"192.0.2.{n}").held for n in range(5)]
    assert held == ["", "", "", Held.SAME_WORDS, Held.SAME_WORDS]


def test_many_from_one_address_are_held_unless_each_is_proved(hall: Hall) -> None:
    kinds = ("đèn", "rác", "nước", "loa", "cầu", "cây", "chợ")
    said = [f"Bà con xóm {kind} {kind * 3} nói chuyện {kind} {kind * 5} rồi." for kind in kinds]
    held = [hall.case(words=words, origin="192.0.2.1").held for words in said]
    assert held == ["", "", "", "", "", Held.ORIGIN, Held.ORIGIN]
    assert hall.case(words="Chuyện khác hẳn.", origin="192.0.2.1", proof=proof(hall)).held == ""


def test_while_it_is_busy_only_what_is_proved_is_not_held(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "IN_ALL", 2)
    assert [hall.case(words=words).held for words in ("Đèn hỏng ở xóm.", "Chợ đầy rác thải.")] == ["", ""]
    assert hall.case(origin="192.0.2.1").held == Held.NO_PROOF
    assert hall.case(words="Chuyện khác hẳn.", origin="192.0.2.1", proof=proof(hall)).held == ""


def test_past_all_measure_one_is_told_to_wait(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "IN_ALL_MOST", 1)
    hall.taken()
    with pytest.raises(Wait):
        hall.taken()
    assert Case.objects.count() == 1


def test_what_is_held_makes_nobody_else_wait(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "IN_ALL", 2)
    monkeypatch.setattr(guarding, "IN_ALL_MOST", 2)
    assert [hall.case(words=f"Mua {'x' * number} ngay", trap="x").held for number in range(2)] == [Held.TRAP] * 2
    with pytest.raises(Wait):
        hall.case(words="Mua nữa ngay", trap="x")
    assert hall.case(origin="192.0.2.1").held == ""


def test_a_program_with_a_key_has_its_own_measure(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "IN_ALL", 0)
    assert [hall.case(keyed=True).held for _ in range(5)] == [""] * 5
    assert not Arrival.objects.exists()


def test_what_an_officer_takes_in_is_never_held(hall: Hall) -> None:
    assert [hall.case(actor=hall.clerk, source="phone").held for _ in range(5)] == [""] * 5


def test_a_proof_counts_once_and_for_a_time(hall: Hall) -> None:
    asked = guarding.challenge(hall.now)
    nonce = answer(asked.token, asked.bits)
    wrong = next(str(n) for n in itertools.count() if guarding.zero_bits(asked.token, str(n)) < asked.bits)
    assert not guarding.proved(asked.token, wrong, hall.now)
    assert not guarding.proved(asked.token, nonce, hall.now + guarding.LASTS + timedelta(seconds=1))
    assert not guarding.proved(asked.token, nonce, hall.now - timedelta(seconds=1))
    assert guarding.proved(asked.token, nonce, hall.now)
    assert not guarding.proved(asked.token, nonce, hall.now)


def test_a_challenge_of_nobody_proves_nothing(hall: Hall) -> None:
    nonce = answer("own", guarding.BITS)
    assert not guarding.proved("own", nonce, hall.now)
    assert not guarding.proved("", "", hall.now)


def test_an_address_is_kept_as_a_hash_and_forgotten(hall: Hall) -> None:
    hall.taken(origin="192.0.2.77", proof=proof(hall))
    assert Arrival.objects.filter(origin="192.0.2.77").count() == 0
    assert Arrival.objects.exclude(origin="").count() == 1
    guarding.forget(hall.now + guarding.KEPT + timedelta(seconds=1))
    assert not Arrival.objects.exists()
    assert not Spent.objects.exists()


def test_wrong_digits_cost_a_wait_and_the_right_ones_open_it_after(hall: Hall) -> None:
    taken = hall.taken()
    wrong = f"{(int(taken.tail) + 1) % 10_000:04d}"
    for _ in range(guarding.LOOK_UPS):
        assert actions.look_up(code=taken.code, tail=wrong, address="192.0.2.1", now=hall.now) is None
    with pytest.raises(Wait):
        actions.look_up(code=taken.code, tail=taken.tail, address="192.0.2.2", now=hall.now)
    later = hall.now + timedelta(hours=1)
    assert actions.look_up(code=taken.code, tail=taken.tail, address="192.0.2.2", now=later) == taken.case


def test_one_address_does_not_try_all_codes(hall: Hall) -> None:
    codes = [hall.taken(words=f"Chuyện số {n} {'x' * n}").code for n in range(7)]
    for number in range(guarding.LOOK_UPS_FROM_ONE):
        assert actions.look_up(code=codes[number // 5], tail="no", address="192.0.2.1", now=hall.now) is None
    with pytest.raises(Wait):
        actions.look_up(code=codes[6], tail="no", address="192.0.2.1", now=hall.now)
    assert actions.look_up(code=codes[6], tail="no", address="192.0.2.2", now=hall.now) is None


def test_quick_words_at_many_poles_are_not_held(hall: Hall) -> None:
    """Everybody at a pole says the same: it is one press."""
    hung = [device(f"Cụm {number}", hall.hamlet, hall.now) for number in range(5)]
    quick = str(poles.QUICK["to"][0])
    held = [hall.case(words=quick, device_id=one.pk, origin=f"192.0.2.{n}").held for n, one in enumerate(hung)]
    assert held == [""] * 5
    same = [hall.case(words=quick, device_id=hung[0].pk, origin=f"192.0.2.{n}").held for n in range(20, 25)]
    assert same == [""] * 5


def test_a_short_word_of_two_communes_is_not_the_same_one(hall: Hall) -> None:
    words = guarding.hashed(hall.told(words="Mất điện."))
    assert words == guarding.hashed(hall.told(words="mất  ĐIỆN."))
    assert words != guarding.hashed(hall.told(words="Mất điện.", place_id=hall.there.pk))
    assert words != guarding.hashed(hall.told(words="Mất điện.", device_id=hall.here.pk))


def test_a_refused_photo_neither_counts_nor_spends_the_proof(hall: Hall) -> None:
    said = proof(hall)
    with pytest.raises(WrongTelling):
        hall.taken(origin="192.0.2.1", proof=said, photos=(SimpleUploadedFile("a.heic", b"no picture"),))
    assert not Arrival.objects.exists()
    assert not Spent.objects.exists()
