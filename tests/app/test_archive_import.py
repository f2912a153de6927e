"""Importing old recordings: the real ffmpeg on real files, with everything that lies in old folders."""

import os
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from nguon.archive import importing, steering
from nguon.archive.models import Batch, Item, Pair, Recording
from nguon.kit import clock
from nguon.media import actions as media
from nguon.media import files
from nguon.media import rules as levels
from nguon.media.models import File, Rendition
from tests.app import tapes
from tests.app.desk import Desk, make_desk
from tests.app.tapes import coded, imported, results, spoken

pytestmark = pytest.mark.django_db
State = Item.State


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"
    settings.NGUON_ARCHIVE_RESERVE_MB = 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "băng cũ"
    made.mkdir()
    return made


def test_a_folder_becomes_recordings_that_are_levelled_and_described(desk: Desk, folder: Path) -> None:
    given = coded(spoken("dien"), folder / "2019/thôn Quảng Vân/BTT ngày 13-5-2019 thu 2.mp3", "-b:a", "48k")
    batch = imported(folder, desk.here)
    assert batch.state == Batch.State.DONE
    one = Recording.objects.get()
    assert one.title == "BTT ngày 13-5-2019 thu 2"
    assert (one.recorded_on, one.recorded_until) == (date(2019, 5, 13), date(2019, 5, 13))
    assert (one.place, one.category, one.programme) == (desk.one, "news", "Bản tin trưa")
    assert one.doubtful, "letters alone say a programme: somebody should look"
    assert one.original.sha256 == files.sha256_of(given)
    assert levels.acceptable(levels.Loudness(one.file.loudness or 0, one.file.true_peak or 0))
    assert one.duration_ms == one.file.duration_ms
    assert media.request_sound(original=one.original, now=clock.now()).file == one.file, "a bulletin has it at once"


def test_the_same_sound_comes_in_once_whatever_its_file_is_called(desk: Desk, folder: Path) -> None:
    coded(spoken("dien"), folder / "1.wav")
    coded(folder / "1.wav", folder / "2.flac")
    shutil.copy(folder / "1.wav", folder / "3 khac.wav")
    coded(folder / "1.wav", folder / "4.mp3")
    coded(folder / "4.mp3", folder / "5.mp3", "-c", "copy", "-metadata", "title=Khác")
    found = {name: state for name, (state, _why) in results(imported(folder, desk.here)).items()}
    done, known = State.DONE, State.DUPLICATE
    assert found == {"1.wav": done, "2.flac": known, "3 khac.wav": known, "4.mp3": done, "5.mp3": known}
    pair = Pair.objects.get()
    assert (pair.kind, pair.first.name, pair.second.name) == ("same", "1.wav", "4.mp3")


def test_copies_are_found_by_ear_and_different_recordings_are_not_taken_for_copies(desk: Desk, folder: Path) -> None:
    one = spoken("dien")
    for name in ("tiem", "lua", "hop", "lut"):
        coded(spoken(name), folder / f"khac {name}.mp3")
    coded(one, folder / "a goc.wav")
    coded(one, folder / "b nen.mp3", "-b:a", "24k", "-ar", "16000")
    coded(one, folder / "c nho.wav", "-af", "volume=-18dB")
    coded(one, folder / "d cat.wav", "-af", "atrim=start=1.7:end=14")
    tapes.noisy(one, folder / "e xi.wav", 0.05)
    coded(one, folder / "f opus.ogg", "-c:a", "libopus", "-b:a", "12k")
    coded(one, folder / "g nhanh.wav", "-af", "asetrate=22050*1.005,aresample=22050")
    batch = imported(folder, desk.here)
    assert {state for state, _why in results(batch).values()} == {State.DONE}
    alike = {pair.second.name[0] for pair in Pair.objects.filter(first__name="a goc.wav")}
    assert alike == set("bcdefg")
    assert not Pair.objects.filter(first__name__startswith="khac").exists()
    assert not Pair.objects.filter(second__name__startswith="khac").exists()


def test_what_is_broken_is_reported_and_the_rest_comes_in(desk: Desk, folder: Path) -> None:
    coded(spoken("dien"), folder / "tốt.mp3")
    whole = coded(spoken("tiem"), folder / "tạm.wav").read_bytes()
    (folder / "tạm.wav").unlink()
    (folder / "cụt.wav").write_bytes(whole[: len(whole) // 3])
    (folder / "hỏng.mp3").write_bytes(b"\x00\xff" * 4000)
    (folder / "trống.mp3").touch()
    (folder / "ghi chú.docx").write_bytes(b"PK\x03\x04 van ban")
    (folder / "Thumbs.db").write_bytes(b"x")
    coded(spoken("hop"), folder / "im lặng.wav", "-af", "volume=0")
    found = results(imported(folder, desk.here))
    assert found["tốt.mp3"] == (State.DONE, "")
    assert found["ghi chú.docx"] == (State.SKIPPED, "Không phải tệp âm thanh.")
    assert "cắt cụt" in found["cụt.wav"][1]
    assert "không phải tệp âm thanh, hoặc đã hỏng" in found["hỏng.mp3"][1]
    assert "trống" in found["trống.mp3"][1]
    assert "im lặng" in found["im lặng.wav"][1]
    assert {found[name][0] for name in ("cụt.wav", "hỏng.mp3", "trống.mp3", "im lặng.wav")} == {State.FAILED}
    assert "Thumbs.db" not in found


def test_links_pipes_and_names_with_bad_bytes(desk: Desk, folder: Path, tmp_path: Path) -> None:
    outside = coded(spoken("lua"), tmp_path / "ngoài.wav")
    (folder / "vòng").symlink_to(folder)
    (folder / "ra ngoài.wav").symlink_to(outside)
    os.mkfifo(folder / "ống")
    bad = os.path.join(os.fsencode(folder), b"B\xb6n tin \xff.wav")
    with open(bad, "wb") as handle:
        handle.write(spoken("dien").read_bytes())
    found = results(imported(folder, desk.here))
    assert found["B�n tin �.wav"] == (State.DONE, "")
    assert "không đi theo" in found["vòng"][1]
    assert "không đi theo" in found["ra ngoài.wav"][1]
    assert found["ống"] == (State.SKIPPED, "Không phải tệp thường.")
    assert Recording.objects.count() == 1


def test_a_folder_nobody_may_read_is_named(desk: Desk, folder: Path) -> None:
    coded(spoken("dien"), folder / "a.wav")
    gone = imported(folder / "không có", desk.here)
    assert (gone.state, gone.items.count()) == (Batch.State.PAUSED, 0)
    assert "Không thấy thư mục" in gone.reason


def test_a_disk_that_is_pulled_out_stops_the_import_and_it_goes_on_later(desk: Desk, folder: Path) -> None:
    for name in ("dien", "tiem"):
        coded(spoken(name), folder / f"{name}.wav")
    batch = tapes.begun(folder, desk.here)
    assert batch.run
    importing.work(batch_id=batch.pk, run=batch.run, turn=0)
    folder.rename(folder.with_name("đi mất"))
    batch = tapes.worked(batch)
    assert (batch.state, "ổ đĩa đã rút" in batch.reason) == (Batch.State.PAUSED, True)
    assert not batch.items.filter(state=State.FAILED).exists()
    folder.with_name("đi mất").rename(folder)
    batch = tapes.worked(steering.resume(batch=batch, actor=desk.editor, now=clock.now()))
    assert batch.state == Batch.State.DONE
    assert {state for state, _why in results(batch).values()} == {State.DONE}


def test_a_disk_that_is_nearly_full_stops_the_import_before_it_harms(
    desk: Desk, folder: Path, settings: Settings
) -> None:
    settings.NGUON_ARCHIVE_RESERVE_MB = 10**9
    coded(spoken("dien"), folder / "a.wav")
    batch = imported(folder, desk.here)
    assert (batch.state, "sắp đầy" in batch.reason) == (Batch.State.PAUSED, True)
    assert results(batch)["a.wav"] == (State.WAITING, "")


def test_a_disk_that_fills_up_meanwhile_stops_it_too(
    desk: Desk, folder: Path, settings: Settings, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)], check=False).returncode:
        pytest.skip("only root may mount a small disk")
    settings.MEDIA_ROOT, settings.NGUON_ARCHIVE_RESERVE_MB = small, -100
    try:
        coded(spoken("dien"), folder / "a.wav")
        batch = imported(folder, desk.here)
        assert (batch.state, "đã đầy" in batch.reason) == (Batch.State.PAUSED, True)
        assert results(batch)["a.wav"] == (State.WAITING, "")
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_zip_is_opened_and_its_members_come_in(desk: Desk, folder: Path) -> None:
    tape = coded(spoken("dien"), folder.parent / "x/Bản tin 12.5.2019.mp3")
    with zipfile.ZipFile(folder / "băng 1.zip", "w") as made:
        made.write(tape, "mặt A/Bản tin 12.5.2019.mp3")
        made.writestr("mặt A/ghi chú.txt", "x")
        made.writestr("__MACOSX/._Bản tin.mp3", "x")
        made.writestr("trong.zip", b"PK\x05\x06" + bytes(18))
    batch = imported(folder, desk.here)
    found = results(batch)
    assert found["Bản tin 12.5.2019.mp3"] == (State.DONE, "")
    assert found["ghi chú.txt"] == (State.SKIPPED, "Không phải tệp âm thanh.")
    assert "nằm trong tệp nén" in found["trong.zip"][1]
    assert found["băng 1.zip"][0] == State.OPENED
    one = Recording.objects.get()
    assert (one.folder, one.recorded_on) == ("băng 1.zip/mặt A", date(2019, 5, 12))


def test_zips_that_are_locked_broken_or_bombs(desk: Desk, folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "khóa.zip", "w") as made:
        made.write(coded(spoken("dien"), tmp_path / "a.wav"), "a.wav")
    locked = bytearray((folder / "khóa.zip").read_bytes())
    locked[6] |= 1  # the bit that says so, beside the member and in the directory
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    (folder / "khóa.zip").write_bytes(locked)
    (folder / "hỏng.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    with zipfile.ZipFile(folder / "bom.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(3):
            bomb.writestr(f"{number}.wav", bytes(90 * 1024 * 1024))
    found = results(imported(folder, desk.here))
    assert found["hỏng.zip"] == (State.FAILED, "Tệp nén đã hỏng hoặc không phải tệp ZIP.")
    assert found["bom.zip"] == (State.FAILED, "Tệp nén bung ra lớn bất thường, không mở.")
    assert "mật khẩu" in found["a.wav"][1]
    assert not Recording.objects.exists()


def test_a_zip_that_lies_about_its_sizes_gives_no_more_than_it_said(desk: Desk, folder: Path) -> None:
    path = folder / "dối.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.wav", bytes(1_000_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02") + 24  # the size in the central directory
    data[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    assert "hỏng" in results(imported(folder, desk.here))["a.wav"][1]


def test_noise_is_taken_away_only_where_it_is_asked_for_and_there_is_some(desk: Desk, folder: Path) -> None:
    tapes.noisy(spoken("dien"), folder / "xì.wav", 0.02)
    coded(spoken("tiem"), folder / "sạch.wav")
    imported(folder, desk.here, denoise=True)
    found = {one.name: one.cleaned_id is not None for one in Recording.objects.all()}
    assert found == {"xì.wav": True, "sạch.wav": False}
    one = Recording.objects.get(name="xì.wav")
    assert one.cleaned
    assert one.original.sha256 == files.sha256_of(folder / "xì.wav"), "the original stays as it was"
    assert Rendition.objects.get(original=one.cleaned).file == one.file


def test_of_two_neighbours_with_the_same_tape_neither_hears_of_the_other(desk: Desk, folder: Path) -> None:
    coded(spoken("dien"), folder / "a.wav")
    imported(folder, desk.here)
    other = imported(folder, desk.there)
    assert results(other)["a.wav"] == (State.DONE, "")
    assert Recording.objects.count() == 2
    assert File.objects.count() == 2, "the bytes are kept once all the same"
    assert not Pair.objects.exists()
    above = imported(folder, desk.root)
    assert results(above)["a.wav"][0] == State.DUPLICATE


def test_importing_the_same_folder_again_brings_what_is_new(desk: Desk, folder: Path) -> None:
    coded(spoken("dien"), folder / "a.wav")
    imported(folder, desk.here)
    coded(spoken("tiem"), folder / "b.wav")
    found = {name: state for name, (state, _why) in results(imported(folder, desk.here)).items()}
    assert found == {"a.wav": State.DUPLICATE, "b.wav": State.DONE}


def test_ten_thousand_names_are_written_down_quickly(desk: Desk, folder: Path) -> None:
    for number in range(10_000):
        (folder / f"{number}.txt").touch()
    batch = tapes.begun(folder, desk.here)
    assert batch.run
    importing.work(batch_id=batch.pk, run=batch.run, turn=0)
    assert batch.items.count() == 10_000
    assert batch.items.order_by("position").last().name == "9999.txt"  # type: ignore[union-attr]
