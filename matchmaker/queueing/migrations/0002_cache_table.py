"""Makes the table of the database cache, so that limits count from the first request on."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):  # type: ignore[no-untyped-def]  # the shape is Django's
    """Creates the table when it is not there."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """One table outside the models."""

    dependencies = [("queueing", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
