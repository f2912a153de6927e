"""`nguon voice`: what voices there are, and how one sounds, before anybody depends on it."""

import os
import sys
import time
import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from nguon.kit.plugs import load
from nguon.ports.voice import Setting, Voice, VoiceFailed, VoiceInfo, VoiceProvider
from nguon.speech import read

PREFIX = "NGUON_VOICE_"  # of the environment variables that hold the values of an account


@click.group()
def command() -> None:
    """List the voices of this machine and of known services, and try one with an account of yours."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    django.setup()


@command.command("list")
@click.argument("service", default="")
def list_voices(service: str) -> None:
    """Print all voices as SERVICE/VOICE; for one SERVICE also what an account needs."""
    for key, voices in _offered():
        if service in ("", key):
            for each in voices:
                click.echo(f"{key + '/' + each.id:50} {each.name:20} {each.region:6} {each.gender:4} {each.style}")
    if service in _providers():
        provider = _providers()[service]
        terms = provider.terms
        click.echo(f"\n{provider.label}: {terms.limit:,} {terms.unit} in one call; accounts: {terms.site}")
        for setting in provider.settings:
            click.echo(f"  {_variable(setting):28} {_remark(setting)}")


@command.command()
@click.argument("text")
@click.option("--voice", "name", default="espeak/", show_default=True, help="SERVICE/VOICE as listed.")
@click.option("--rate", type=click.IntRange(120, 300), default=200, show_default=True, help="Syllables a minute.")
@click.option("--out", type=click.Path(path_type=Path), default="said.wav", show_default=True, help="WAV to write.")
@click.option("--within", type=click.FloatRange(1), default=120, show_default=True, help="Seconds it may take.")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="A value of the account; never a secret.")
def say(text: str, name: str, rate: int, out: Path, within: float, given: tuple[str, ...]) -> None:
    """Read TEXT aloud into a WAV (`-`: standard input).

    The account is in variables NGUON_VOICE_…, which `nguon voice list SERVICE` names. A secret that is not there is
    asked for; it is never taken from the command line, which others can see.
    """
    key, _slash, wanted = name.partition("/")
    voice = _voice(key, given)
    _check(voice)
    spoken = read(sys.stdin.read() if text == "-" else text).text
    began = time.monotonic()
    with click.progressbar(length=1000, label=key) as bar:
        try:
            voice.speak(
                spoken,
                voice=wanted or voice.voices()[0].id,
                rate=rate,
                out=out,
                progress=lambda done: bar.update(round(done * 1000) - bar.pos),
                within=within,
            )
        except VoiceFailed as failed:
            raise click.ClickException(f"{failed.failure.value}: {failed}") from None
    took = time.monotonic() - began
    with wave.open(str(out), "rb") as sound:
        seconds = sound.getnframes() / sound.getframerate()
    pace = len(spoken.split()) * 60 / max(seconds, 0.1)
    click.echo(f"{out}: {seconds:.1f} s of sound, {pace:.0f} syllables a minute with pauses, made in {took:.1f} s")


def _voice(key: str, given: Iterable[str]) -> Voice:
    """The voice plug of this machine, or that of an account with the values at hand."""
    if provider := _providers().get(key):
        return provider(_values(provider, dict(_pairs(given, provider))))
    for path in _settings().NGUON_VOICES:
        voice: Voice = load(path)()
        if voice.key == key:
            return voice
    raise click.ClickException(f"no service {key!r}; see `nguon voice list`")


def _values(provider: VoiceProvider, given: dict[str, str]) -> dict[str, str]:
    found = dict(given)
    for setting in provider.settings:
        if setting.name in found:
            continue
        found[setting.name] = os.environ.get(_variable(setting), "")
        if setting.secret and not setting.optional and not found[setting.name]:
            found[setting.name] = click.prompt(_variable(setting), hide_input=True)
    return found


def _pairs(given: Iterable[str], provider: VoiceProvider) -> Iterable[tuple[str, str]]:
    secrets = {setting.name: setting.secret for setting in provider.settings}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or name not in secrets:
            raise click.UsageError(f"--set takes NAME=VALUE with one of: {', '.join(secrets)}")
        if secrets[name]:
            raise click.UsageError(f"{name} is a secret: put it into {PREFIX}{name.upper()}")
        yield name, value


def _check(voice: Voice) -> None:
    try:
        voice.check()
    except (ValueError, RuntimeError) as error:
        raise click.ClickException(str(error)) from None


def _offered() -> Iterable[tuple[str, tuple[VoiceInfo, ...]]]:
    for path in _settings().NGUON_VOICES:
        plug: Voice = load(path)()
        yield plug.key, plug.voices()
    for key, provider in _providers().items():
        yield key, provider({}).voices()


def _providers() -> dict[str, VoiceProvider]:
    found: list[VoiceProvider] = [load(path) for path in _settings().NGUON_VOICE_PROVIDERS]
    return {provider.key: provider for provider in found}


def _variable(setting: Setting) -> str:
    return f"{PREFIX}{setting.name.upper()}"


def _remark(setting: Setting) -> str:
    need = "" if not setting.optional else "may be empty"
    default = f"default {setting.default}" if setting.default else ""
    return "; ".join(filter(None, (setting.label, "secret" if setting.secret else "", need, default)))


def _settings() -> Any:
    from django.conf import settings

    return settings
