"""Which notices a person does not want by e-mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_recognitions")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="muted_kinds",
            field=models.JSONField(blank=True, default=list, verbose_name="notices not wanted by e-mail"),
        ),
    ]
