"""`nguon demo …`: load or change the demonstration district."""

import os

import click


@click.group()
def command() -> None:
    """Load or change the demonstration district: Tuy Phước, as it was until 30 June 2025, and its reform."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()


def accounts_kept() -> list[tuple[str, str, str]]:
    """(name, password, duty) of the demonstration's accounts in this data folder. Needs Django set up."""
    from nguon.config.demo import accounts

    return accounts.kept()


@command.command()
@click.option("--force", is_flag=True, help="Load beside what is already there. Nothing is ever deleted.")
def load(force: bool) -> None:
    """Load the district with people, simulated devices and a few bulletins, and print the accounts.

    The password of all accounts is NGUON_DEMO_PASSWORD, or a new one, kept in the data folder (demo-accounts.txt).
    Refuses if the database already holds places or people.
    """
    from nguon.config.demo import accounts, bulletins, cases, music, programmes, sites
    from nguon.config.demo.load import NotEmpty
    from nguon.config.demo.load import load as load_all
    from nguon.kit import clock
    from nguon.people.errors import PeopleError
    from nguon.places.errors import PlaceError

    given = accounts.password()
    try:
        made = load_all(password=given, now=clock.now(), beside=force)
    except NotEmpty:
        raise click.ClickException(
            "Cơ sở dữ liệu đã có dữ liệu nên không nạp huyện mẫu. (The database is not empty; --force loads beside it.)"
        ) from None
    except (PlaceError, PeopleError) as error:
        raise click.ClickException(f"Không nạp được huyện mẫu, chưa ghi gì: {error}") from None
    accounts.keep(made, given)
    music.make(now=clock.now())
    silent = bulletins.write(now=clock.now())
    programmes.make(now=clock.now())
    sites.make(now=clock.now())
    sites.post(now=clock.now())
    cases.make(now=clock.now())
    click.echo(f"Đã nạp huyện Tuy Phước với {len(made)} tài khoản. Mật khẩu của tất cả: {given}")
    for title in silent:
        click.echo(f"Chưa tạo được âm thanh nên còn là bản nháp: {title}")
    click.echo(f"Danh sách được giữ ở {accounts.path()}; xem lại bằng lệnh: nguon demo accounts")


@command.command()
def accounts() -> None:
    """Print the accounts of the demonstration with their password and duty."""
    known = accounts_kept()
    if not known:
        raise click.ClickException("Chưa nạp huyện mẫu ở thư mục dữ liệu này. (Run: nguon demo load)")
    width = max(len(name) for name, _, _ in known)
    for name, password, duty in known:
        click.echo(f"{name:<{width}}  {password}  {duty}")


@command.command()
def reorganise() -> None:
    """Carry out the reform of 1 July 2025: 13 communes and the district become four communes."""
    from nguon.config import reform
    from nguon.config.demo import load as demo
    from nguon.kit import clock
    from nguon.places.errors import PlaceError

    try:
        done = reform.carry_out(paper=demo.paper(), actor=demo.ACTOR, now=clock.now())
    except demo.NotLoaded:
        raise click.ClickException("Chưa nạp huyện mẫu nên không có gì để sắp xếp. (Run: nguon demo load)") from None
    except PlaceError as error:
        raise click.ClickException(str(error)) from None
    followed = done.followed
    click.echo(
        f"Đã sắp xếp: {len(done.reform.opened)} đơn vị mới, {len(done.reform.heirs)} đơn vị cũ kết thúc, "
        f"{len(done.reform.moved)} thôn, khu phố chuyển sang; {followed.people} cán bộ, {followed.roles} vai trò, "
        f"{followed.offices} cơ quan và {done.devices} thiết bị đi theo."
    )


@command.command()
def archive() -> None:
    """Fill the archive of xã Phước Thuận with a handful of old recordings, made and imported in about ten seconds."""
    from nguon.archive import queries
    from nguon.config.demo import archive as demo
    from nguon.config.demo.load import NotLoaded
    from nguon.kit import clock
    from nguon.media.errors import MediaError

    try:
        batch = demo.make(now=clock.now())
    except NotLoaded:
        raise click.ClickException("Chưa nạp huyện mẫu. (Run: nguon demo load)") from None
    except MediaError:
        raise click.ClickException("Máy chủ không có giọng đọc nào. (No voice works here.)") from None
    counts = queries.counts(batch)
    click.echo(f"Kho tư liệu của {batch.place}: thêm {counts.done} bản thu, {counts.duplicate} bản đã có.")


@command.command()
@click.argument("name")
def unplug(name: str) -> None:
    """Pull the plug of the simulated device called NAME (part of its name is enough; marks do not matter)."""
    _set_plug(name, unplugged=True)


@command.command()
@click.argument("name")
def plug(name: str) -> None:
    """Put the plug of the simulated device called NAME back in."""
    _set_plug(name, unplugged=False)


def _set_plug(name: str, *, unplugged: bool) -> None:
    from nguon.config.demo.load import ACTOR
    from nguon.devices.actions import set_plug
    from nguon.devices.errors import DeviceError
    from nguon.devices.models import Device
    from nguon.kit import clock, text

    folded = text.fold(text.clean(name))
    found = list(Device.objects.filter(simulated=True, folded=folded))
    found = found or list(Device.objects.filter(simulated=True, folded__contains=folded))
    if len(found) != 1:
        which = "; ".join(device.name for device in found) or "không có"
        raise click.ClickException(f"Cần đúng một thiết bị mô phỏng tên “{name}”, tìm thấy: {which}.")
    try:
        set_plug(device=found[0], unplugged=unplugged, actor=ACTOR, now=clock.now())
    except DeviceError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{found[0].name}: {'đã rút điện' if unplugged else 'đã cắm điện'}.")
