"""Suggestions: what may be the same, what it may be about, whether it is a complaint. Each with why; none decides."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.feedback import actions, likeness, queries, suggesting
from nguon.feedback.models import Field
from nguon.feedback.suggesting import Bayes
from tests.app.told import WORDS, Hall, make_hall

HERE = (13.8210, 109.1530)
NEAR = (13.8215, 109.1532)  # 60 m
FAR = (13.8310, 109.1530)  # 1,100 m


@pytest.fixture
def hall(db: None) -> Hall:
    return make_hall()


def alike(hall: Hall, words: str, point: tuple[float, float] | None = None, field: Field | None = None) -> list[str]:
    latitude, longitude = point or (None, None)
    found = queries.alike(words, hall.hamlet.pk, latitude, longitude, field, now=hall.now)
    return [f"{one.case.code}: {one.why}" for one in found]


def test_the_same_told_near_by_is_suggested_with_why(hall: Hall) -> None:
    case = hall.case(field_id=hall.field().pk, latitude=HERE[0], longitude=HERE[1])
    said = alike(hall, "duong vao xom 2 nhieu o ga, xe may te nga", NEAR, hall.field())
    assert said == [f"{case.code}: Cách đó khoảng 60 m, lời kể gần giống."]
    assert alike(hall, "Cột điện nghiêng", NEAR, hall.field()) == [f"{case.code}: Cách đó khoảng 60 m."]
    assert alike(hall, "Cột điện nghiêng", NEAR, hall.field("dien-chieu-sang")) == []
    assert alike(hall, WORDS, FAR, hall.field()) == []


def test_without_a_point_only_the_same_words_at_the_place_count(hall: Hall) -> None:
    case = hall.case()
    assert alike(hall, WORDS.upper()) == [f"{case.code}: Cùng địa bàn, lời kể gần giống."]
    assert alike(hall, "Đường") == []
    assert alike(hall, "Loa xóm 2 nói nhỏ quá, không nghe được gì.") == []
    assert queries.alike(WORDS, hall.there.pk, None, None, None, now=hall.now) == []


def test_what_is_long_ago_held_or_a_duplicate_is_not_suggested(hall: Hall) -> None:
    first = hall.case()
    second = hall.case()
    hall.case(trap="x")
    actions.mark_duplicate(case=second, of=first, actor=hall.clerk, now=hall.now)
    assert [line.split(":")[0] for line in alike(hall, WORDS)] == [first.code]
    later = hall.now + likeness.LATELY + timedelta(days=1)
    assert queries.alike(WORDS, hall.hamlet.pk, None, None, None, now=later) == []


POINTS = st.tuples(st.floats(-80, 80), st.floats(-179, 179))


@given(POINTS, POINTS)
def test_distance_is_one_way_and_the_other(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert likeness.metres(one, other) == pytest.approx(likeness.metres(other, one), abs=0.01)
    assert likeness.metres(one, one) == 0
    assert 0 <= likeness.metres(one, other) <= 20_040_000


def test_distance_is_that_of_the_ground() -> None:
    assert likeness.metres((13.0, 109.0), (14.0, 109.0)) == pytest.approx(111_195, abs=10)
    assert likeness.metres(HERE, NEAR) == pytest.approx(60, abs=2)


def fields(hall: Hall, words: str) -> list[tuple[str, str]]:
    return [(one.field.key, one.why) for one in suggesting.fields(words, [hall.here.pk], hall.now)]


def test_rules_suggest_first_and_say_their_words(hall: Hall) -> None:
    assert fields(hall, "Đèn đường ngõ 3 hỏng, gần đó có rác.") == [
        ("dien-chieu-sang", "Có nói: đèn đường."),
        ("rac-moi-truong", "Có nói: rác."),
    ]
    assert fields(hall, "Con chó nhà bên sủa suốt đêm") == []
    assert fields(hall, "raccoon") == []  # a word, not a part of one
    assert fields(hall, "Cổng làng khóa từ chiều") == []  # another word without its marks
    assert fields(hall, "cong tac, nuoc tran ra duong")[0][0] == "thoat-nuoc-ngap"


def test_it_learns_from_what_officers_made_of_cases(hall: Hall) -> None:
    chance = random.Random(7)
    for number in range(12):
        for key, said in (("an-ninh-trat-tu", "chó thả rông sủa đêm"), ("giao-duc", "cổng mầm non khóa sớm")):
            words = f"{said} {chance.choice(['xóm trên', 'xóm dưới', 'gần chợ'])} lần {number}"
            case = hall.case(words=words, actor=hall.clerk, source="phone")
            actions.accept(case=case, actor=hall.clerk, now=hall.now)
            actions.sort(case=case, field=hall.field(key), severity="ordinary", actor=hall.clerk, now=hall.now)
    suggesting.forget()
    (key, why), *rest = fields(hall, "Chó nhà ai thả rông ở xóm dưới")
    assert (key, rest) == ("an-ninh-trat-tu", [])
    assert why.startswith("Các phản ánh trước cùng lĩnh vực cũng nói: ")
    assert "thả rông" in why
    assert fields(hall, "Sao mầm non khóa cổng?")[0][0] == "giao-duc"
    assert fields(hall, "Xin hỏi zzz") == []


def test_little_that_was_learned_says_nothing(hall: Hall) -> None:
    case = hall.case(words="chó thả rông", actor=hall.clerk, source="phone")
    actions.accept(case=case, actor=hall.clerk, now=hall.now)
    actions.sort(case=case, field=hall.field("an-ninh-trat-tu"), severity="ordinary", actor=hall.clerk, now=hall.now)
    suggesting.forget()
    assert fields(hall, "chó thả rông") == []


@given(
    st.lists(st.tuples(st.sampled_from([uuid4(), uuid4()]), st.text(max_size=20)), max_size=12), st.text(max_size=20)
)
def test_beliefs_are_shares_of_one(learned: list[tuple[object, str]], text: str) -> None:
    beliefs = Bayes(learned).beliefs(text)  # type: ignore[arg-type]
    assert beliefs == {} or sum(beliefs.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Tôi làm đơn tố cáo ông A nhận tiền.", "tố cáo"),
        ("toi to cao ong A nhan tien", "tố cáo"),
        ("Tôi khiếu nại quyết định thu hồi đất.", "khiếu nại"),
        ("Tôi KHIẾU NẠI và tố cáo", "tố cáo"),
        ("Nhà to cao tầng xây lấn đường của xóm tôi", None),
        (WORDS, None),
    ],
)
def test_a_complaint_is_seen_and_told_its_own_path(words: str, name: str | None) -> None:
    found = suggesting.legal_path(words)
    assert (found.name if found else None) == name
    if found:
        assert f"Luật {found.name.capitalize()}" in found.words
