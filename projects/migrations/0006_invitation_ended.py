"""An invitation ends with its challenge. Those that outlived theirs, from before this was so, end now, and nobody is told."""

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Now

LIVE = ("published", "revision_pending", "matching", "evaluating")


def end_with_their_challenges(apps: Any, schema_editor: Any) -> None:
    """Ends what waits for an answer though its challenge has left the board."""
    waiting = apps.get_model("projects", "Invitation").objects.filter(state__in=("sent", "seen"))
    waiting.exclude(challenge__state__in=LIVE).update(state="ended", answered_at=Now())


class Migration(migrations.Migration):
    """One more state."""

    dependencies = [("projects", "0005_quadrant_choices")]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="state",
            field=models.CharField(
                max_length=10,
                default="sent",
                choices=[
                    ("sent", "Sent"),
                    ("seen", "Seen"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                    ("ended", "Ended with the challenge"),
                ],
            ),
        ),
        migrations.RunPython(end_with_their_challenges, migrations.RunPython.noop),
    ]
