"""Every service with its fake, and an account that is right."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nguon.plugs.voices.azure import Azure
from nguon.plugs.voices.fpt import Fpt
from nguon.plugs.voices.google import Google
from nguon.plugs.voices.openai import OpenAi, Supertonic, VieNeu
from nguon.plugs.voices.remote import Remote
from nguon.plugs.voices.vbee import Vbee
from nguon.plugs.voices.viettel import Viettel
from nguon.plugs.voices.vnpt import Vnpt
from nguon.plugs.voices.zalo import Zalo
from tests.ports.voices.fakes.azure import AzureFake
from tests.ports.voices.fakes.fpt import FptFake
from tests.ports.voices.fakes.google import GoogleFake
from tests.ports.voices.fakes.openai import OpenAiFake, SupertonicFake, VieNeuFake
from tests.ports.voices.fakes.server import KEY, Fake
from tests.ports.voices.fakes.vbee import VbeeFake
from tests.ports.voices.fakes.viettel import ViettelFake
from tests.ports.voices.fakes.vnpt import VnptFake
from tests.ports.voices.fakes.zalo import ZaloFake

WAIT = 0.01  # seconds before the second try: not half a second in tests
BARE = {"key": KEY}
VNPT = {
    "token_id": f"{KEY}-id",
    "token_key": f"{KEY}-key",
    "username": "xa@example.vn",
    "password": f"{KEY}-password",
    "client_id": "ung-dung",
    "client_secret": f"{KEY}-secret",
}
HOOK = {"webhook": "https://xa.example.vn/vbee"}


@dataclass(frozen=True)
class Case:
    """A service, its fake, and the values of an account. `answers` is what it sends back: `sound`, or `json` first."""

    provider: type[Remote]
    fake: type[Fake]
    values: dict[str, str]
    answers: str = "json"

    @contextmanager
    def open(self, **values: str) -> Iterator[tuple[Remote, Fake]]:
        """The service running, and a voice of an account with it."""
        with self.fake() as fake:
            yield self.voice(fake.url, **values), fake

    def voice(self, url: str, **values: str) -> Remote:
        """A voice of an account at an address."""
        voice = self.provider({**self.values, "url": url, **values})
        voice.first_wait = WAIT
        return voice


CASES = {
    "fpt": Case(Fpt, FptFake, BARE),
    "viettel": Case(Viettel, ViettelFake, BARE, "sound"),
    "zalo": Case(Zalo, ZaloFake, BARE),
    "vnpt": Case(Vnpt, VnptFake, VNPT),
    "vbee": Case(Vbee, VbeeFake, {**BARE, **HOOK, "app": "ung-dung"}),
    "azure": Case(Azure, AzureFake, BARE, "sound"),
    "google": Case(Google, GoogleFake, BARE),
    "openai": Case(OpenAi, OpenAiFake, BARE, "sound"),
    "vieneu": Case(VieNeu, VieNeuFake, BARE, "sound"),
    "supertonic": Case(Supertonic, SupertonicFake, BARE, "sound"),
}
