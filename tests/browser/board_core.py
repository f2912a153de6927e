"""The core of the device players, watched while it lives, and what it knows and asks in the words of a board's core."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec
import pytest

from nguon.agent import core, effects, events
from nguon.agent.agenda import Agenda
from nguon.agent.state import State
from nguon.wire.messages import Message
from tests.browser.board import b64

NEVER = (1 << 53) - 1  # of a browser


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)


def whole(value: Any) -> Any:
    """A message with its defaults, as JSON has it."""
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        found = {each.name: whole(getattr(value, each.name)) for each in msgspec.structs.fields(value)}
        return found | ({"type": tag} if tag else {})
    if isinstance(value, dict):
        return {str(key): whole(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, int) and value > NEVER:
        return NEVER
    return [whole(each) for each in value] if isinstance(value, tuple | list) else value


@dataclass
class Words:
    """Python → board. Plans are told once and called by a name of their own: they are long, and steps are many."""

    agendas: dict[str, Any] = field(default_factory=dict)
    alive: list[Agenda] = field(default_factory=list)

    def agenda(self, one: Agenda | None) -> Any:
        if one is None:
            return None
        name = f"{one.sha256}/{id(one)}"
        if name not in self.agendas:
            self.agendas[name] = whole(one)
            self.alive.append(one)  # so that no other gets its address
        return {"agenda": name}

    def state(self, state: State) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for each in msgspec.structs.fields(state):
            value = getattr(state, each.name)
            found[camel(each.name)] = self.agenda(value) if each.name == "agenda" else self._inner(each.name, value)
        return found

    def _inner(self, name: str, value: Any) -> Any:
        if name in ("held", "over", "troubles", "doubts"):
            return {str(key): self._named(one) for key, one in value.items()}
        return self._named(value) if name == "sounding" and value else whole(value)

    def _named(self, value: msgspec.Struct) -> dict[str, Any]:
        return {camel(each.name): whole(getattr(value, each.name)) for each in msgspec.structs.fields(value)}

    def event(self, event: events.Event) -> dict[str, Any]:
        match event:
            case events.Heard(data):
                return {"type": "heard", "data": b64(data)}
            case events.PlanCame(agenda):
                return {"type": "plan-came", "agenda": self.agenda(agenda)}
        name = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(event).__name__)
        return {"type": name[1:], **whole(event)}

    def effect(self, effect: effects.Effect) -> dict[str, Any] | None:
        match effect:
            case effects.Send(what, message):
                return {"do": "send", "what": what, "message": _unnamed(message)}
            case effects.StartPlayer():
                return {"do": "start", **whole(effect)}
            case effects.StopPlayer(go):
                return {"do": "stop", "go": go}
            case effects.SendProof(broadcast):
                return {"do": "proof", "broadcast": broadcast}
            case effects.FetchPlan():
                return {"do": "fetch-plan", **whole(effect)}
            case effects.AskTime():
                return {"do": "ask-time"}
            case effects.Log():
                return None  # words for engineers: each has its own
        return {"do": type(effect).__name__.lower(), **whole(effect)}


def _unnamed(message: Message) -> dict[str, Any]:
    """A refusal's id is anybody's choice."""
    found: dict[str, Any] = whole(message)
    return found | {"id": ""} if found["type"] == "refusal" else found


@contextmanager
def watched(words: Words, patch: pytest.MonkeyPatch, *, most: int, one_in: int = 1) -> Iterator[list[dict[str, Any]]]:
    """One in so many of the steps the core takes meanwhile: from what, what happened, what came of it."""
    steps: list[dict[str, Any]] = []
    taken = count()
    real: Callable[[State, events.Event, int], tuple[State, tuple[effects.Effect, ...]]] = core.step

    def step(state: State, event: events.Event, now: int) -> tuple[State, tuple[effects.Effect, ...]]:
        after, asked = real(state, event, now)
        if next(taken) % one_in == 0 and len(steps) < most:
            steps.append(
                {
                    "state": words.state(state),
                    "event": words.event(event),
                    "now": now,
                    "after": words.state(after),
                    "effects": [found for each in asked if (found := words.effect(each)) is not None],
                    "due": min(core.due_at(after, now), NEVER),
                }
            )
        return after, asked

    with patch.context() as patched:
        patched.setattr(core, "step", step)
        yield steps
