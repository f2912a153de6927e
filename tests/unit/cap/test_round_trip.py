"""Read → write → read gives the same message: the standard's examples, the forms of other services, and any message."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from nguon.cap import checks, codes, model, read, write
from nguon.cap.model import Alert
from tests.unit.cap import messages

HERE = Path(__file__).parent
OASIS = sorted((HERE / "oasis").glob("*.xml"))
FORMS = sorted((HERE / "forms").glob("*.xml"))


@pytest.mark.parametrize("path", [*OASIS, *FORMS], ids=lambda path: path.stem)
def test_a_message_of_others_comes_back_the_same(path: Path) -> None:
    data = path.read_bytes()
    alert = read.parse(data)
    written = write.render(alert)
    assert read.parse(written) == alert
    assert write.render(read.parse(written)) == written
    assert path.read_bytes() == data


def test_there_are_the_four_examples_of_the_standard() -> None:
    assert [path.stem for path in OASIS] == [
        "amber_multilingual",
        "earthquake_report",
        "homeland_security",
        "severe_thunderstorm",
    ]


def test_the_examples_mean_what_the_standard_says() -> None:
    storm = read.parse((HERE / "oasis/severe_thunderstorm.xml").read_bytes())
    assert (storm.identifier, storm.sender) == ("KSTO1055887203", "KSTO@NWS.NOAA.GOV")
    (said,) = storm.infos
    assert said.responses == (codes.Response.SHELTER,)
    assert said.expires == model.moment("2003-06-17T16:00:00-07:00")
    assert said.areas[0].polygons[0][1] == (38.34, -119.95)
    assert [code.value for code in said.areas[0].geocodes] == ["006109", "006009", "006003"]
    quake = read.parse((HERE / "oasis/earthquake_report.xml").read_bytes())
    assert quake.message_type == codes.MessageType.UPDATE
    assert quake.references[0].identifier == "TRI13970876.1"
    assert quake.infos[0].areas[0].circles[0] == model.Circle((32.9525, -115.5527), 0)
    child = read.parse((HERE / "oasis/amber_multilingual.xml").read_bytes())
    assert [info.language for info in child.infos] == ["en-US", "es-US"]
    assert child.info("es") is child.infos[1]
    assert child.info("vi") is child.infos[0]


@settings(max_examples=150, deadline=None)
@given(messages.alerts)
def test_any_message_comes_back_the_same(alert: Alert) -> None:
    assert checks.check(alert) == ()
    written = write.render(alert)
    found = read.parse(written)
    assert found == alert
    assert found.sent.utcoffset() == alert.sent.utcoffset()
    assert write.render(found) == written


def test_dates_are_written_as_the_standard_asks() -> None:
    assert model.moment_text(messages.SENT) == "2026-10-18T12:30:00-00:00"
    assert model.moment_text(model.moment("2026-10-18T19:30:00+07:00")) == "2026-10-18T19:30:00+07:00"
    for text in (
        "2026-10-18T12:30:00Z",
        "2026-10-18T12:30:00",
        "2026-10-18 12:30:00+07:00",
        "2026-02-30T00:00:00+07:00",
    ):
        with pytest.raises(ValueError):
            model.moment(text)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0000001, "0.0000001"), (-119.5, "-119.5"), (1e6, "1000000"), (7.0, "7")]
)
def test_numbers_have_no_exponent(value: float, text: str) -> None:
    assert model.number_text(value) == text
    assert model.number(text) == value


@pytest.mark.parametrize("text", ["", "1e3", "nan", "inf", "1_0", "0x1", "١"])
def test_only_plain_numbers_are_read(text: str) -> None:
    with pytest.raises(ValueError):
        model.number(text)


def test_lists_keep_blanks_within_quotation_marks() -> None:
    assert model.tokens('"Two Words" foo  bar') == ("Two Words", "foo", "bar")
    assert model.token_text(("Two Words", "foo")) == '"Two Words" foo'
