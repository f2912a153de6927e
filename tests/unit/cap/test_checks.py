"""The rules of the standard, each broken once: the fault has the path of its element."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from nguon.cap import checks, codes, write
from nguon.cap.faults import Invalid
from nguon.cap.model import Alert, Circle, Named, Reference, Resource
from tests.unit.cap.messages import SENT, alert, area, info

NAN = float("nan")


def within(**changes: Any) -> Alert:
    return alert(infos=(info(), info(**changes)))


def in_area(**changes: Any) -> Alert:
    return within(areas=(area(), area(**changes)))


BROKEN = [
    (alert(identifier=""), "/alert/identifier", "missing"),
    (alert(identifier="a b"), "/alert/identifier", "restricted-character"),
    (alert(identifier="a&b"), "/alert/identifier", "restricted-character"),
    (alert(sender="a,b"), "/alert/sender", "restricted-character"),
    (alert(sent=datetime(2026, 1, 1)), "/alert/sent", "date-offset"),
    (alert(sent=SENT.replace(microsecond=1)), "/alert/sent", "date-form"),
    (alert(message_type=codes.MessageType.UPDATE), "/alert/references", "references-missing"),
    (alert(message_type=codes.MessageType.CANCEL), "/alert/references", "references-missing"),
    (alert(references=(Reference("a", "b c", SENT),)), "/alert/references[1]", "restricted-character"),
    (alert(scope=codes.Scope.RESTRICTED), "/alert/restriction", "restriction-missing"),
    (alert(scope=codes.Scope.PRIVATE), "/alert/addresses", "addresses-missing"),
    (alert(incidents=('a"b',)), "/alert/incidents", "quoting"),
    (alert(codes=("",)), "/alert/code", "missing"),
    (alert(note="a\x00"), "/alert/note", "not-xml"),
    (within(event=""), "/alert/info[2]/event", "missing"),
    (within(categories=()), "/alert/info[2]/category", "missing"),
    (within(language="tiếng Việt"), "/alert/info[2]/language", "language"),
    (within(expires=datetime(2026, 1, 1)), "/alert/info[2]/expires", "date-offset"),
    (within(parameters=(Named("", "x"),)), "/alert/info[2]/parameter[1]/valueName", "missing"),
    (
        within(resources=(Resource(description="", mime_type="a/b"),)),
        "/alert/info[2]/resource[1]/resourceDesc",
        "missing",
    ),
    (
        within(resources=(Resource(description="a", mime_type="a/b", size=-1),)),
        "/alert/info[2]/resource[1]/size",
        "size",
    ),
    (in_area(description=""), "/alert/info[2]/area[2]/areaDesc", "missing"),
    (in_area(polygons=(((1, 1), (2, 2), (1, 1)),)), "/alert/info[2]/area[2]/polygon[1]", "polygon-short"),
    (in_area(polygons=(((1, 1), (2, 2), (3, 1), (1, 2)),)), "/alert/info[2]/area[2]/polygon[1]", "polygon-open"),
    (in_area(polygons=(((1, 1), (91, 2), (3, 1), (1, 1)),)), "/alert/info[2]/area[2]/polygon[1]", "coordinates"),
    (in_area(circles=(Circle((1, 181), 1),)), "/alert/info[2]/area[2]/circle[1]", "coordinates"),
    (in_area(circles=(Circle((1, NAN), 1),)), "/alert/info[2]/area[2]/circle[1]", "coordinates"),
    (in_area(circles=(Circle((1, 1), -1),)), "/alert/info[2]/area[2]/circle[1]", "radius"),
    (in_area(ceiling=5.0), "/alert/info[2]/area[2]/ceiling", "ceiling-alone"),
    (in_area(altitude=NAN), "/alert/info[2]/area[2]/altitude", "height"),
]


@pytest.mark.parametrize(("broken", "path", "code"), BROKEN, ids=[f"{code}-{path}" for _, path, code in BROKEN])
def test_a_broken_rule_is_named_with_its_path(broken: Alert, path: str, code: str) -> None:
    (problem,) = checks.check(broken)
    assert (problem.path, problem.code) == (path, code)
    with pytest.raises(Invalid, match=re.escape(path)):
        write.render(broken)


def test_a_good_message_has_no_fault_and_needs_no_advice() -> None:
    assert checks.check(alert()) == ()
    assert checks.advise(alert()) == ()


def test_what_is_only_advised_is_no_fault() -> None:
    odd = alert(
        status=codes.Status.EXERCISE,
        infos=(info(expires=None, areas=(), headline="a" * 161), info(expires=datetime(2020, 1, 1, tzinfo=UTC))),
    )
    assert checks.check(odd) == ()
    found = {problem.code for problem in checks.advise(odd)}
    assert found == {"exercise-unnamed", "no-end", "no-area", "headline-long", "ends-before"}
    assert [problem.code for problem in checks.advise(alert(infos=()))] == ["no-info"]


def test_an_alert_ends_when_its_last_part_ends() -> None:
    later = SENT.replace(year=2027)
    assert within(expires=later).expires == later
    assert within(expires=None).expires is None
    assert alert(infos=()).expires is None
