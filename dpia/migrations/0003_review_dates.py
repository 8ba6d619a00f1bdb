"""What was adopted before gets the review date it would have had: a year after its last decision."""

from django.db import migrations, models
from django.db.models import F, Func


def fill(apps, schema_editor):
    year = Func(F("state_since"), template="(%(expressions)s + interval '1 year')::date")
    adopted = apps.get_model("dpia", "Assessment").objects.filter(state__in=["adopted", "under_review", "suspended"])
    adopted.update(review_on=year)


class Migration(migrations.Migration):
    dependencies = [("dpia", "0002_frozen")]

    operations = [
        migrations.AddField(
            model_name="assessment", name="review_on", field=models.DateField(blank=True, null=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
