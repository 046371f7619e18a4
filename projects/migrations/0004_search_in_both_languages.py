"""One row of search terms per object instead of a row per term; what is there is cut anew with the lists of matches."""

from typing import Any

from django.db import migrations, models


def match_again(apps: Any, schema_editor: Any) -> None:
    """Asks for all lists, and with them all search terms, to be made anew where there were any."""
    if apps.get_model("projects", "SearchTerm").objects.exists():
        apps.get_model("queueing", "Job").objects.get_or_create(kind="projects.rematch_all", subject="", state="ready")


class Migration(migrations.Migration):
    """Replaces SearchTerm by SearchText."""

    dependencies = [
        ("projects", "0003_quadrant_deviations_and_similar_challenges"),
        ("queueing", "0003_labels"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("object_id", models.CharField(max_length=64)),
                ("terms", models.TextField()),
            ],
            options={
                "verbose_name": "search text",
                "verbose_name_plural": "search texts",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="one_search_text_per_object")
                ],
            },
        ),
        migrations.RunPython(match_again, migrations.RunPython.noop),
        migrations.DeleteModel(name="SearchTerm"),
    ]
