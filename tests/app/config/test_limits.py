"""How much a request may carry, through the real ASGI application."""

from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from nguon.config.asgi import application
from nguon.config.limits import EDITOR, MEGABYTE, PROOFS, SITES, SITES_MB, SMALL
from nguon.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
Headers = dict[str, str]


async def status(path: str, body: Iterator[bytes], headers: Headers, method: str = "POST") -> tuple[int, int]:
    """The status of the answer to a request, and how many bytes of its body were taken before it."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    asked: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    taken = 0
    for piece in body:
        if asked.future.done():
            break
        await asked.send_input({"type": "http.request", "body": piece, "more_body": True})
        taken += len(piece)
        if not await asked.receive_nothing(timeout=0.01):
            break
    else:
        await asked.send_input({"type": "http.request", "body": b"", "more_body": False})
    answer: dict[str, Any] = await asked.receive_output(timeout=10)
    while (await asked.receive_output(timeout=10)).get("more_body"):
        pass
    await asked.wait()
    return int(answer["status"]), taken


def megabytes(count: int) -> Iterator[bytes]:
    return (b"x" * MEGABYTE for _ in range(count))


@pytest.mark.parametrize("path", ["/dang-nhap", EDITOR + "moi", "/api/1/enrol", "/", "/nowhere"])
async def test_a_declared_flood_is_refused_before_it_comes(path: str) -> None:
    assert await status(path, megabytes(0), {"Content-Length": str(SMALL + 1)}) == (413, 0)


@pytest.mark.parametrize("path", ["/dang-nhap", EDITOR + "moi", PROOFS + "a" * 32])
async def test_an_undeclared_flood_is_cut_off(path: str) -> None:
    code, taken = await status(path, megabytes(50), {"Transfer-Encoding": "chunked"})
    assert code == 413
    assert taken <= SMALL + 2 * MEGABYTE


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30])
async def test_a_length_that_is_none_is_refused(length: str) -> None:
    assert (await status("/dang-nhap", megabytes(0), {"Content-Length": length}))[0] == 413


async def test_a_body_of_allowed_size_gets_through() -> None:
    assert (await status("/dang-nhap", megabytes(1), {"Content-Length": str(MEGABYTE)}))[0] == 403  # no CSRF token


async def test_a_proof_may_be_large_and_not_larger() -> None:
    held = {"Authorization": "Basic " + "A" * 8}
    size = 6 * MEGABYTE
    told = {**held, "Content-Length": str(size)}
    assert await status(PROOFS + "a" * 32, megabytes(6), told, "PUT") == (401, size)
    assert (await status(PROOFS + "a" * 32, megabytes(50), held, "PUT"))[0] == 413


async def test_only_who_is_signed_in_sends_large_files(client: Client) -> None:
    person = await Person.objects.acreate(username="a", full_name="A")
    await client.aforce_login(person)
    size = 6 * MEGABYTE
    told = {"Content-Length": str(size), "Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    assert (await status(EDITOR + "moi", megabytes(6), told))[0] == 403  # let in, and refused by the page itself
    assert (await status("/dang-nhap", megabytes(6), told))[0] == 413
    forged = {**told, "Cookie": "sessionid=abcdefghijklmnop"}
    assert (await status(EDITOR + "moi", megabytes(6), forged))[0] == 413


async def test_who_is_signed_in_sends_the_papers_of_a_site(client: Client) -> None:
    person = await Person.objects.acreate(username="a", full_name="A")
    await client.aforce_login(person)
    held = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    size = {"Content-Length": str(SITES_MB * MEGABYTE)}
    assert (await status(SITES, megabytes(SITES_MB), {**held, **size}))[0] == 403  # let in, refused by the page itself
    assert await status(SITES, megabytes(0), size) == (413, 0)
    assert await status(SITES, megabytes(0), {**held, "Content-Length": str((SITES_MB + 1) * MEGABYTE)}) == (413, 0)
