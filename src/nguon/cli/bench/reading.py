"""Our reader beside two libraries on the same cases in the same run: how many are right, and their time."""

from collections import Counter
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from statistics import quantiles
from time import process_time
from typing import Any

import click

from nguon.cli.bench.scoring import Case, cases, misses
from nguon.speech import read

Reader = Callable[[str], str]
CHUNK = 200  # characters of the texts that are timed
ROUNDS = 3  # each text is read so often; every reading counts
LIBRARIES = {"sea-g2p": ("sea_g2p", "Normalizer"), "vietnormalizer": ("vietnormalizer", "VietnameseNormalizer")}


def run(files_of_cases: Iterable[Path] = ()) -> dict[str, Any]:
    """Scores and processor times of every reader. Raises ClickException if a library or a file of cases is missing."""
    tried = _cases(list(files_of_cases))
    texts = _texts(tried)
    readers: dict[str, Reader] = {"nguon": lambda text: read(text).text, **libraries()}
    return {
        "cases": len(tried),
        "texts_of_200_characters": len(texts),
        "readers": {name: _measure(reader, tried, texts) for name, reader in readers.items()},
    }


def libraries() -> dict[str, Reader]:
    """The libraries to compare with. Raises ClickException if they are not installed."""
    found: dict[str, Reader] = {}
    for name, (module, made) in LIBRARIES.items():
        try:
            found[name] = getattr(import_module(module), made)().normalize
        except ImportError:
            raise click.ClickException(
                f"{name} is not installed. What this comparison needs comes with: .venv/bin/pip install -e '.[bench]'"
            ) from None
    return found


def _cases(given: list[Path]) -> list[Case]:
    own: list[Path | Traversable] = [files("nguon.cli.bench").joinpath("cases", "second.tsv")]
    try:
        return [case for file in given or own for case in cases(file)]
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None


def _texts(tried: list[Case]) -> list[str]:
    """The cases joined and cut into equal texts."""
    whole = ". ".join(case.written for case in tried)
    return [whole[at : at + CHUNK] for at in range(0, max(len(whole) - CHUNK, 1), CHUNK)]


def _measure(reader: Reader, tried: list[Case], texts: list[str]) -> dict[str, Any]:
    missed = misses(reader, tried)
    wrong = Counter(case.category for case, _said in missed)
    every = Counter(case.category for case in tried)
    times = sorted(_times(reader, texts))
    cut = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {
        "right": len(tried) - len(missed),
        "share": round((len(tried) - len(missed)) / max(len(tried), 1), 4),
        "by_category": {name: [count - wrong[name], count] for name, count in sorted(every.items())},
        "ms_p50": round(cut[49] * 1000, 2),
        "ms_p95": round(cut[94] * 1000, 2),
    }


def _times(reader: Reader, texts: list[str]) -> Iterable[float]:
    for text in texts[:3]:
        _quietly(reader, text)  # what is built on first use
    for _round in range(ROUNDS):
        for text in texts:
            start = process_time()
            _quietly(reader, text)
            yield process_time() - start


def _quietly(reader: Reader, text: str) -> None:
    try:
        reader(text)
    except Exception:  # counted as wrong where it is scored; here only its time counts
        return


def table(found: dict[str, Any]) -> str:
    """The figures for people: one column a reader."""
    readers = found["readers"]
    lines = [("", *readers), ("right", *(f"{each['right']}/{found['cases']}" for each in readers.values()))]
    lines.append(("share", *(f"{each['share']:.1%}" for each in readers.values())))
    for category in next(iter(readers.values()))["by_category"]:
        lines.append((category, *("{}/{}".format(*each["by_category"][category]) for each in readers.values())))
    for key, name in (("ms_p50", "ms per 200 characters, p50"), ("ms_p95", "ms per 200 characters, p95")):
        lines.append((name, *(f"{each[key]:.2f}" for each in readers.values())))
    return "\n".join(f"{line[0]:<28}" + "".join(f"{cell:>16}" for cell in line[1:]) for line in lines)
