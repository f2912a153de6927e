"""What comes with a channel's line in the settings, where its folder has it: its app, its pages, its concerns."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from nguon.ports.channel import Concern


def apps(paths: Iterable[str]) -> list[str]:
    """The folders of these channels that are apps: they have pages, templates or tables of their own."""
    return [folder for folder in map(_folder, paths) if _has(folder, "apps")]


def pages(paths: Iterable[str], module: str = "urls") -> Iterator[tuple[str, str]]:
    """The prefix and the module of the addresses of each that has some. `PREFIX` is said in that module.

    `module`: `urls` of the office, or `public_urls` below a site.
    """
    for folder in map(_folder, paths):
        if _has(folder, module):
            urls = f"{folder}.{module}"
            yield import_module(urls).PREFIX, urls


def work(paths: Iterable[str]) -> list[str]:
    """The dotted names of what runs in the background for each that has something to do there: `service.run`."""
    return [f"{folder}.service.run" for folder in map(_folder, paths) if _has(folder, "service")]


def concerns(paths: Iterable[str], person: Any, now: Any) -> list[Concern]:
    """What each of them wants this person to look after at a moment."""
    modules = [import_module(f"{folder}.concerns") for folder in map(_folder, paths) if _has(folder, "concerns")]
    return [one for module in modules for one in module.of(person, now)]


def _folder(path: str) -> str:
    return path.rpartition(".")[0]


def _has(folder: str, module: str) -> bool:
    try:
        return find_spec(f"{folder}.{module}") is not None
    except ImportError:  # a folder that is not there: the channel is off, with that reason on the status page
        return False
