"""`nguon site …`: keep the website of a locality as files."""

import os
from pathlib import Path

import click


@click.group()
def command() -> None:
    """Keep the website of a locality as files: every page, picture, sound and paper of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()


@command.command()
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--no-sounds", is_flag=True, help="Leave the sounds with the site: they weigh most.")
@click.option("--quiet", is_flag=True, help="Do not print each address.")
def export(slug: str, folder: Path, no_sounds: bool, quiet: bool) -> None:
    """Write every page of the site SLUG, its pictures, sounds and papers, into the empty FOLDER.

    The copy is opened from a disk (index.html) or put on any server of files. NGUON_PUBLIC_URL is the address that
    forms in it lead to.
    """
    from nguon.channels.site import export as exporting
    from nguon.kit import clock
    from nguon.portal.models import Site

    site = Site.objects.filter(slug=slug).first()
    if site is None:
        known = ", ".join(Site.objects.order_by("slug").values_list("slug", flat=True)) or "chưa có trang nào"
        raise click.ClickException(f"Không có trang “{slug}”. Các trang đang có: {known}.")
    try:
        made = exporting.into_folder(
            site=site,
            folder=folder,
            now=clock.now(),
            sounds=not no_sounds,
            told=lambda step: None if quiet else click.echo(step.address),
        )
    except exporting.ExportError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{site.name}: {made.pages} trang, {made.files} tệp ở {folder}.")
    for address, page in made.missing:
        click.echo(f"Thiếu {address} (liên kết ở {page or 'chỗ khác'})", err=True)
    if made.cut:
        click.echo(f"Trang có quá nhiều địa chỉ: {made.cut} địa chỉ chưa được lưu.", err=True)
    if made.missing or made.cut:
        raise SystemExit(1)
