"""One least and one full example of every message: the golden files beside this one, and the documentation."""

import msgspec

from nguon.wire import codec, seal
from nguon.wire.messages import (
    Ack,
    Area,
    Authority,
    Content,
    Delegate,
    Document,
    Down,
    Keys,
    Limit,
    NewPlan,
    Photos,
    Plan,
    Play,
    Presence,
    Reason,
    Receipt,
    Refusal,
    Right,
    Settings,
    Span,
    Stage,
    Stop,
    Stream,
    Up,
    Vitals,
)

DEVICE = "019aaf3f7c2e7d10a4b5c6d7e8f90a1b"
AREA = "019aaf3f2b817c33b1a2c3d4e5f60718"
BROADCAST = "019aaf4a10007e55a9b8c7d6e5f40312"
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_AT = 1_795_424_400_000  # 2026-11-23 17:00 in Việt Nam
_MINUTE = 60_000
_DAY = 1_440 * _MINUTE
_PLAN_FILE = Document(url=f"/api/1/plan/{_HASH}", sha256=_HASH, size=41_250)
PROVINCE = "019aaf3f11117c33b1a2c3d4e5f60719"
# Keys of these examples, for tests of other programs: seeds are 32 times the same byte. Never use them elsewhere.
TOP_KEY, OWN_KEY, FIRST_KEY, SECOND_KEY = (seal.SigningKey(bytes([number]) * 32) for number in (1, 2, 3, 4))
_TOP = Authority(place=PROVINCE, rank=0, key=TOP_KEY.public, until=_AT + 730 * _DAY, alone=True)
_OWN = Authority(place=AREA, rank=1, key=OWN_KEY.public, until=_AT + 730 * _DAY)
_FILE = Content(url=f"/api/1/content/{_HASH}", sha256=_HASH, size=720_000, duration=90_000)

LEAST: tuple[Down | Up, ...] = (
    Play(id=BROADCAST, at=_AT, expires=_AT + 60 * _MINUTE, level=40, content=_FILE),
    Stop(id="019aaf4a20007a66b0c1d2e3f4a50617", at=_AT, expires=_AT + 60 * _MINUTE),
    Settings(id="019aaf4a30007b77b1c2d3e4f5a60718", at=_AT, version=1, areas=()),
    NewPlan(id="019aaf4a35007b88b1c2d3e4f5a60718", at=_AT, version=1, document=_PLAN_FILE),
    Keys(id="019aaf4a38007b99b1c2d3e4f5a60718", at=_AT, version=1, authorities=(_TOP,)),
    Ack(id="019aaf4a40007c88b2c3d4e5f6a70819", at=_AT, seqs=(1_795_424_401_250,)),
    Receipt(
        id="019aaf4a50007d99b3c4d5e6f7a8091a",
        at=_AT + 1_250,
        broadcast=BROADCAST,
        stage=Stage.RECEIVED,
        seq=1_795_424_401_250,
    ),
    Vitals(id="019aaf4a60007eaab4c5d6e7f8a90a1b", at=_AT),
    Refusal(id="019aaf4a68007facb5c6d7e8f9aa0b1c", at=_AT, reason=Reason.UNSIGNED, sha256=_HASH),
    Presence(id="019aaf4a70007fbbb5c6d7e8f9aa0b1c", at=_AT, online=False),
)

FULL: tuple[Down | Up, ...] = (
    Play(
        id=BROADCAST,
        at=_AT,
        expires=_AT + 60 * _MINUTE,
        level=60,
        content=_FILE,
        start=_AT + 5 * _MINUTE,
        begin_by=_AT + 10 * _MINUTE,
        cut=True,
        volume=70,
        areas=(AREA,),
        devices=(DEVICE,),
        title="Lịch cắt điện ngày 24 tháng 11",
        issuer=AREA,
        seq=1_204,
        not_before=_AT,
        drill=True,
    ),
    Stop(
        id="019aaf4a20007a66b0c1d2e3f4a50617",
        at=_AT + _MINUTE,
        expires=_AT + 60 * _MINUTE,
        broadcast=BROADCAST,
        areas=(AREA,),
        devices=(DEVICE,),
        issuer=AREA,
        seq=1_205,
        not_before=_AT,
    ),
    Settings(
        id="019aaf4a30007b77b1c2d3e4f5a60718",
        at=_AT,
        version=7,
        areas=(AREA, PROVINCE),
        device=DEVICE,
        volume=65,
        vitals_every=30,
        proof=True,
        warm_up=1_500,
        stagger=400,
        data_budget=2_000_000_000,
        right=Right(spans=(Span(start=_AT, end=_AT + 120 * _MINUTE),), area=Area(left=0, top=75, width=100, height=25)),
        photos=Photos(asked="019aaf4a2f007b66b1c2d3e4f5a60718", every=60),
        scene=Document(url="/api/1/content/" + "5c" * 32, sha256="5c" * 32, size=1834),
    ),
    NewPlan(id="019aaf4a35007b88b1c2d3e4f5a60718", at=_AT, version=12, document=_PLAN_FILE, device=DEVICE),
    Keys(
        id="019aaf4a38007b99b1c2d3e4f5a60718",
        at=_AT,
        version=3,
        authorities=(_TOP, _OWN),
        device=DEVICE,
        revoked=(SECOND_KEY.kid,),
    ),
    Ack(id="019aaf4a40007c88b2c3d4e5f6a70819", at=_AT, seqs=(1_795_424_401_250, 1_795_424_401_251)),
    Receipt(
        id="019aaf4a50007d99b3c4d5e6f7a8091a",
        at=_AT + 42_000,
        broadcast=BROADCAST,
        stage=Stage.FAILED,
        seq=1_795_424_401_253,
        reason=Reason.PLAYER,
        detail="audio device busy",
        position=12_500,
        sha256=_HASH,
    ),
    Vitals(
        id="019aaf4a60007eaab4c5d6e7f8a90a1b",
        at=_AT,
        volume=65,
        playing=BROADCAST,
        power="mains",
        temperature=41.5,
        signal=-87,
        disk_free=3_200_000_000,
        clock_offset=-120,
        software="nguon 0.1.0",
        held=1,
        settings=7,
        plan=12,
        keys=3,
        planned_until=_AT + 8 * _DAY,
        planned_ready=100,
        data_used=310_000_000,
    ),
    Refusal(
        id="019aaf4a68007facb5c6d7e8f9aa0b1c",
        at=_AT,
        reason=Reason.UNKNOWN_KEY,
        sha256=_HASH,
        count=40,
        key=SECOND_KEY.kid,
        order=BROADCAST,
    ),
    Presence(id="019aaf4a70007fbbb5c6d7e8f9aa0b1c", at=_AT, online=True, software="nguon 0.1.0"),
)


LEAST_PLAN = Plan(made=_AT, until=_AT + 8 * _DAY)
FULL_PLAN = Plan(
    made=_AT,
    until=_AT + 8 * _DAY,
    plays=(
        Play(
            id=BROADCAST,
            at=_AT,
            expires=_AT + 45 * _MINUTE,
            level=40,
            content=_FILE,
            start=_AT,
            begin_by=_AT + 5 * _MINUTE,
            areas=(AREA,),
        ),
        Play(
            id="019aaf4a10007e55a9b8c7d6e5f40313",
            at=_AT,
            expires=_AT + 75 * _MINUTE,
            level=30,
            stream=Stream(urls=("https://phatthanh.example.vn/live.mp3",), duration=30 * _MINUTE),
            start=_AT + 15 * _MINUTE,
            begin_by=_AT + 20 * _MINUTE,
            cut=True,
            areas=(AREA,),
        ),
    ),
    quiet=(Span(start=_AT + 240 * _MINUTE, end=_AT + 720 * _MINUTE),),
    limits=(Limit(start=_AT + 720 * _MINUTE, end=_AT + 780 * _MINUTE, most=60),),
    fetch=(Span(start=_AT + 300 * _MINUTE, end=_AT + 660 * _MINUTE),),
)


DELEGATE = Delegate(
    place=AREA, person="019aaf3f30007d00a4b5c6d7e8f90a1b", key=FIRST_KEY.public, at=_AT, until=_AT + _DAY
)
EMERGENCY = Play(
    id=BROADCAST,
    at=_AT,
    expires=_AT + 60 * _MINUTE,
    level=90,
    content=_FILE,
    areas=(AREA,),
    title="Lũ khẩn cấp trên sông Hà Thanh",
    issuer=AREA,
    seq=1_206,
)


def golden() -> dict[str, bytes]:
    """The golden files by name: the exact bytes of every example, and of some under their seals."""
    files = {f"{message.__struct_config__.tag}.least.json": codec.encode(message) for message in LEAST}
    files |= {f"{message.__struct_config__.tag}.full.json": codec.encode(message) for message in FULL}
    files |= {"plan.least.json": codec.encode(LEAST_PLAN), "plan.full.json": codec.encode(FULL_PLAN)}
    files["delegate.json"] = codec.encode(DELEGATE)
    files["sealed.keys.json"] = seal.sign(files["keys.full.json"], TOP_KEY)
    files["sealed.play.json"] = seal.sign(files["play.full.json"], OWN_KEY)
    files["sealed.emergency.json"] = _by_two(codec.encode(EMERGENCY))
    return files


def _by_two(payload: bytes) -> bytes:
    """Signed by two people for whom the commune vouches."""
    second = msgspec.structs.replace(DELEGATE, person="019aaf3f30007d01a4b5c6d7e8f90a1b", key=SECOND_KEY.public)
    return seal.wrap(
        payload,
        (
            FIRST_KEY.sign(payload, seal.sign(codec.encode(DELEGATE), OWN_KEY)),
            SECOND_KEY.sign(payload, seal.sign(codec.encode(second), OWN_KEY)),
        ),
    )
