"""The device API of a real server, tried by schemathesis after its OpenAPI document: no 5xx, answers as promised."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.app.clusters import KEY
from tests.conftest import MakeServer

pytestmark = pytest.mark.slow
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
DEVICE = """
from datetime import timedelta
from pathlib import Path
from nguon.delivery.models import Broadcast, Delivery, Target
from nguon.devices import actions
from nguon.kit import clock, ids
from nguon.media.actions import store_file
from nguon.people.models import Person
from nguon.places.models import Place
now = clock.now()
at = Place.objects.create(name="Tuy Phước", kind="xã", folded="tuy phuoc")
made = actions.register(name="Loa", place=at, actor="test", now=now, volume=65)
sound = Path("SOUND")
sound.write_bytes(bytes(range(256)) * 40)
file = store_file(path=sound, mime="audio/mpeg", now=now, duration_ms=1000)
lan = Person.objects.create_user("lan", full_name="Lan")
cast = Broadcast.objects.create(
    subject=f"newsroom.version:{ids.new().hex}", title="Tin", place=at, channel="speaker", level=40, file=file,
    issued_at=now, expires_at=now + timedelta(hours=1), created_by=lan,
)
Target.objects.create(broadcast=cast, device=made)
Delivery.objects.create(broadcast=cast, device=made, changed_at=now)
print(actions.issue_code(device=made, actor="test", now=now), file.sha256, cast.pk.hex)
"""


@pytest.mark.parametrize("signed", [True, False], ids=["as an enrolled device", "as nobody"])
def test_no_answer_is_an_error_of_the_server(make_server: MakeServer, signed: bool) -> None:
    made = make_server()
    code, sha256, cast = made.shell(DEVICE.replace("SOUND", str(made.data / "sound.mp3"))).split()[-3:]
    server = made.start()
    there = f"{server.base_url}/api/1"
    got = httpx.post(f"{there}/enrol", json={"code": code, "public_key": KEY, "software": "thử"}).raise_for_status()
    who = ["--auth", f"{got.json()['device']}:{got.json()['password']}"] if signed else []
    program = str(Path(sys.executable).with_name("schemathesis"))
    argv = [program, "run", str(_with_examples(there, server.data, sha256, cast)), "--url", there, *who]
    argv += ["--checks", CHECKS, "--max-examples", "15", "--seed", "39", "--phases", "examples,coverage,fuzzing"]
    argv += ["--request-timeout", "30", "--no-color"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300, cwd=server.data, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "Traceback" not in server.log()
    assert httpx.get(f"{there}/time").status_code == 200
    assert ("GET /content/{sha256}" in done.stdout) is not signed, "it warns where only refusals came back"


def _with_examples(there: str, folder: Path, sha256: str, cast: str) -> Path:
    """The document as the server gives it, with the ids of what is really there as examples."""
    found = httpx.get(f"{there}/openapi.json").raise_for_status().json()
    for path, value in (("/content/{sha256}", sha256), ("/proof/{broadcast}", cast)):
        for operation in found["paths"][path].values():
            operation["parameters"][0]["example"] = value
    written = folder / "openapi.json"
    written.write_text(json.dumps(found))
    return written
