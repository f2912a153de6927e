"""Why a page was not right is kept as a code. Old words go: every page that was not right is looked at again at once."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_words(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("portal", "Posting").objects.exclude(failed_why="").update(failed_why="")


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_closed")]

    operations = [migrations.RunPython(forget_words, migrations.RunPython.noop, elidable=True)]
