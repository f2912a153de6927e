"""Answers for everybody are made once and given to all: what is kept, for how long, and what must never be."""

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from nguon.config import shared_cache
from nguon.config.shared_cache import Message, Receive, Scope, Send, SharedCache

SHARED = (b"cache-control", b"public, max-age=0, s-maxage=1")
HTML = (b"content-type", b"text/html; charset=utf-8")
BODY = "Nước sông Hà Thanh đang lên. ".encode() * 40
Answer = tuple[int, dict[bytes, bytes], bytes]


@dataclass
class Pages:
    """An application that counts what it is asked, and answers as told once `gate` is open."""

    headers: list[tuple[bytes, bytes]] = field(default_factory=lambda: [SHARED, HTML])
    status: int = 200
    body: bytes = BODY
    asked: list[Scope] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        body = self.body
        await self.gate.wait()
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": body})


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def scope(path: str = "/trang/a/", method: str = "GET", query: bytes = b"", **headers: str) -> Scope:
    said = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, value in {"host": "a.vn", **headers}.items()
    ]
    common = {"type": "http", "scheme": "http", "query_string": query, "headers": said}
    return {**common, "method": method, "path": path, "raw_path": path.encode()}


async def ask(cache: SharedCache, **asked: Any) -> Answer:
    got: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        got.append(message)

    await cache(scope(**asked), receive, send)
    body = b"".join(one.get("body", b"") for one in got[1:])
    return got[0]["status"], {name.lower(): value for name, value in got[0]["headers"]}, body


async def test_a_page_is_made_once_a_second_and_then_anew() -> None:
    pages, clock = Pages(), Clock()
    cache = SharedCache(pages, clock)
    assert [(await ask(cache))[2] for _ in range(5)] == [BODY] * 5
    assert len(pages.asked) == 1
    clock.now += 1.6
    pages.body = b"new"
    assert (await ask(cache))[2] == b"new"
    assert len(pages.asked) == 2


async def test_the_page_before_stands_in_for_half_a_second_while_the_next_is_made() -> None:
    pages, clock = Pages(), Clock()
    cache = SharedCache(pages, clock)
    await ask(cache)
    clock.now += 1.2
    pages.body = b"new"
    assert (await ask(cache))[2] == BODY
    await asyncio.sleep(0.01)
    assert (await ask(cache))[2] == b"new"
    assert len(pages.asked) == 2


async def test_its_age_counts_from_before_it_was_made() -> None:
    pages, clock = Pages(), Clock()
    cache = SharedCache(pages, clock)
    pages.gate.clear()
    first = asyncio.create_task(ask(cache))
    await asyncio.sleep(0)
    clock.now += 1.6  # it was slow: what it read is older than it may be
    pages.gate.set()
    await first
    pages.body = b"new"
    assert (await ask(cache))[2] == b"new"


async def test_a_thousand_who_come_at_once_ask_the_server_once() -> None:
    pages = Pages()
    cache = SharedCache(pages, Clock())
    pages.gate.clear()
    crowd = [asyncio.create_task(ask(cache)) for _ in range(1000)]
    await asyncio.sleep(0.01)
    pages.gate.set()
    assert {body for _, _, body in await asyncio.gather(*crowd)} == {BODY}
    assert len(pages.asked) == 1


async def test_who_waits_for_one_who_left_asks_himself() -> None:
    pages = Pages()
    cache = SharedCache(pages, Clock())
    pages.gate.clear()
    first = asyncio.create_task(ask(cache))
    await asyncio.sleep(0)
    crowd = [asyncio.create_task(ask(cache)) for _ in range(10)]
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0.01)
    pages.gate.set()
    assert {body for _, _, body in await asyncio.gather(*crowd)} == {BODY}
    assert len(pages.asked) == 2


async def test_a_page_that_is_no_longer_to_be_shared_is_forgotten() -> None:
    pages, clock = Pages(), Clock()
    cache = SharedCache(pages, clock)
    await ask(cache)
    pages.status, pages.headers, pages.body = 404, [], b"gone"
    clock.now += 5
    assert (await ask(cache))[0] == 404
    assert cache.size == (0, 0)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, []),
        (200, [(b"cache-control", b"private, s-maxage=9")]),
        (200, [(b"cache-control", b"no-store")]),
        (200, [(b"cache-control", b"public, max-age=600")]),
        (200, [SHARED, (b"set-cookie", b"a=b")]),
        (200, [SHARED, (b"vary", b"Cookie")]),
        (200, [SHARED, (b"vary", b"Accept-Encoding, Accept-Language")]),
        (200, [SHARED, (b"vary", b"*")]),
        (200, [SHARED, (b"vary", b"Cookie"), (b"vary", b"Accept-Encoding")]),
        (200, [SHARED, (b"content-encoding", b"br")]),
        (206, [SHARED]),
        (302, [SHARED]),
        (404, [SHARED]),
        (500, [SHARED]),
    ],
)
async def test_what_is_of_one_person_or_went_wrong_is_never_kept(
    status: int, headers: list[tuple[bytes, bytes]]
) -> None:
    pages = Pages(headers=headers, status=status)
    cache = SharedCache(pages, Clock())
    assert await ask(cache) == (status, dict(headers), BODY)
    assert (await ask(cache))[2] == BODY
    assert len(pages.asked) == 2
    assert cache.size == (0, 0)


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "POST"},
        {"method": "get"},
        {"method": "PURGE"},
        {"authorization": "Basic eA=="},
        {"range": "bytes=0-1"},
        {"content_length": "4"},
        {"transfer_encoding": "chunked"},
        {"query": b"q=" + b"x" * 400},
        {"query": b"&".join(b"a=1" for _ in range(20))},
        {"path": "/" + "x" * 900},
        {"host": "x" * 300},
        {"host": "a b"},
        {"host": ""},
        {"host": "elsewhere.example"},
    ],
)
async def test_what_is_odd_goes_through_and_leaves_nothing_behind(asked: dict[str, Any]) -> None:
    pages = Pages()
    with override_settings(ALLOWED_HOSTS=["a.vn"]):
        cache = SharedCache(pages, Clock())
        await ask(cache, **asked)
        await ask(cache, **asked)
    assert len(pages.asked) == 2
    assert cache.size == (0, 0)


async def test_nobody_can_put_a_page_before_another() -> None:
    pages = Pages()
    cache = SharedCache(pages, Clock())
    tries: list[dict[str, Any]] = [
        {},
        {"host": "b.vn"},
        {"host": "A.vn"},
        {"x_forwarded_proto": "https"},
        {"query": b"a=1"},
        {"query": b"a=1&b=2"},
        {"query": b"b=2&a=1"},
        {"path": "/trang/a"},
    ]
    for asked in tries:
        await ask(cache, **asked)
    assert len(pages.asked) == len(tries)
    await ask(
        cache, x_forwarded_host="evil.example", x_original_url="/evil", accept_language="en", cookie="sessionid=1"
    )
    assert len(pages.asked) == len(tries)


async def test_a_page_is_made_anew_as_if_nobody_in_particular_asked() -> None:
    pages, clock = Pages(), Clock()
    cache = SharedCache(pages, clock)
    await ask(cache)
    clock.now += 5
    await ask(cache, cookie="sessionid=1", x_forwarded_host="evil.example", if_none_match="x", accept_language="en")
    assert pages.asked[1]["headers"] == [(b"host", b"a.vn")]


async def test_a_head_gets_the_head_of_the_page_and_never_becomes_it() -> None:
    pages = Pages()
    cache = SharedCache(pages, Clock())
    await ask(cache, method="HEAD")
    assert cache.size == (0, 0)
    await ask(cache)
    status, headers, body = await ask(cache, method="HEAD")
    assert (status, body, headers[b"content-length"]) == (200, b"", b"%d" % len(BODY))
    assert len(pages.asked) == 2


async def test_it_is_packed_for_those_who_take_it() -> None:
    cache = SharedCache(Pages(), Clock())
    await ask(cache)
    _, headers, body = await ask(cache, accept_encoding="br;q=1.0, gzip;q=0.8, *;q=0.1")
    assert headers[b"content-encoding"] == b"gzip"
    assert gzip.decompress(body) == BODY
    for refused in ("gzip;q=0", "br", ""):
        assert (await ask(cache, accept_encoding=refused))[2] == BODY
    assert headers[b"vary"] == b"Accept-Encoding"


async def test_what_is_no_text_is_not_packed() -> None:
    cache = SharedCache(Pages(headers=[SHARED, (b"content-type", b"image/webp")]), Clock())
    await ask(cache)
    _, headers, body = await ask(cache, accept_encoding="gzip")
    assert (body, headers.get(b"content-encoding")) == (BODY, None)


async def test_who_has_it_is_told_so() -> None:
    pages, clock = Pages(), Clock()
    cache = SharedCache(pages, clock)
    await ask(cache)
    _, headers, _ = await ask(cache)
    assert (await ask(cache, if_none_match=headers[b"etag"].decode()))[0] == 304
    assert (await ask(cache, if_none_match='"other"'))[0] == 200
    clock.now += 5
    pages.body = b"new"
    assert (await ask(cache, if_none_match=headers[b"etag"].decode()))[0] == 200


async def test_nobody_on_the_way_keeps_it_a_second_longer() -> None:
    cache = SharedCache(Pages(), Clock())
    await ask(cache)
    assert (await ask(cache))[1][b"age"] == b"1"


async def test_its_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_cache, "MOST_PAGES", 20)
    monkeypatch.setattr(shared_cache, "MOST_BYTES", 60_000)
    cache = SharedCache(Pages(), Clock())
    for number in range(500):
        await ask(cache, host=f"{number}.vn")
        await ask(cache, path=f"/{number}")
        count, size = cache.size
        assert count <= 20
        assert size <= 60_000
    assert cache.size[1] > 0
    for key in list(cache._kept):
        cache._keep(key, None)
    assert cache.size == (0, 0)


async def test_a_large_answer_goes_through_and_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_cache, "MOST_PAGE", 100)
    cache = SharedCache(Pages(), Clock())
    assert (await ask(cache))[2] == BODY
    assert cache.size == (0, 0)


async def test_a_page_that_fails_when_made_anew_is_asked_for_again_by_the_next() -> None:
    pages, clock = Pages(), Clock()

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        if len(pages.asked) == 1:
            pages.asked.append(scope)
            raise RuntimeError("the database is away")
        await pages(scope, receive, send)

    cache = SharedCache(failing, clock)
    await ask(cache)
    clock.now += 5
    assert (await ask(cache))[2] == BODY
    assert len(pages.asked) == 3


@given(
    st.lists(
        st.tuples(st.sampled_from(["/a", "/b"]), st.sampled_from(["GET", "HEAD"]), st.floats(0, 3), st.booleans()),
        max_size=30,
    )
)
def test_whoever_asks_gets_what_the_server_would_say_or_said_lately(
    story: list[tuple[str, str, float, bool]],
) -> None:
    async def told() -> None:
        pages, clock = Pages(), Clock()
        cache = SharedCache(pages, clock)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            pages.body = f"{scope['path']} {clock.now}".encode()
            await pages(scope, receive, send)

        cache._app = app
        for path, method, later, packed in story:
            status, _, body = await ask(cache, path=path, method=method, accept_encoding="gzip" if packed else "")
            assert status == 200
            if method == "GET":
                said, at = body.decode().split(" ")
                assert said == path
                assert clock.now - float(at) <= 1 + shared_cache.GRACE
            clock.now += later
            await asyncio.sleep(0)

    asyncio.run(told())


async def test_a_static_file_is_kept_as_long_as_a_browser_keeps_it() -> None:
    pages, clock = Pages(headers=[(b"cache-control", b"max-age=60, public")]), Clock()
    cache = SharedCache(pages, clock)
    await ask(cache, path="/static/ui/public.css")
    clock.now += 50
    await ask(cache, path="/static/ui/public.css")
    assert len(pages.asked) == 1
    await ask(cache, path="/anh/1")
    await ask(cache, path="/anh/1")
    assert len(pages.asked) == 3
