"""The plan of a use case, what came of it, its example, and searching in its text."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_partners"),
        ("collaborations", "0006_agreement_content"),
        ("dpia", "0002_frozen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="usecase",
            name="baseline",
            field=models.CharField(blank=True, max_length=500, verbose_name="how it is now"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="evaluated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="usecase",
            name="evaluated_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="usecase",
            name="evaluation",
            field=models.TextField(blank=True, verbose_name="evaluation"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="evaluation_figure",
            field=models.CharField(blank=True, max_length=500, verbose_name="measured figure"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="evaluation_reached",
            field=models.CharField(
                blank=True,
                choices=[
                    ("reached", "reached"),
                    ("partly", "partly reached"),
                    ("not", "not reached"),
                    ("unknown", "cannot be said"),
                ],
                max_length=7,
                verbose_name="compared with the plan",
            ),
        ),
        migrations.AddField(
            model_name="usecase",
            name="explanation",
            field=models.TextField(blank=True, verbose_name="explanation"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="figure",
            field=models.CharField(blank=True, max_length=500, verbose_name="measured figure"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="helped",
            field=models.TextField(blank=True, verbose_name="who is helped"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="indicator",
            field=models.CharField(blank=True, max_length=500, verbose_name="what is measured"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="measure_on",
            field=models.DateField(blank=True, null=True, verbose_name="measured on"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followers",
                to="collaborations.usecase",
            ),
        ),
        migrations.AddField(
            model_name="usecase",
            name="reached",
            field=models.CharField(
                blank=True,
                choices=[
                    ("reached", "reached"),
                    ("partly", "partly reached"),
                    ("not", "not reached"),
                    ("unknown", "cannot be said"),
                ],
                max_length=7,
                verbose_name="compared with the plan",
            ),
        ),
        migrations.AddField(
            model_name="usecase",
            name="revision",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="usecase",
            name="value",
            field=models.TextField(blank=True, verbose_name="expected value for society"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="target",
            field=models.CharField(blank=True, max_length=500, verbose_name="what you aim for"),
        ),
        migrations.AlterField(
            model_name="usecase",
            name="summary",
            field=models.TextField(blank=True, max_length=10000, verbose_name="summary"),
        ),
        migrations.AlterField(
            model_name="usecase",
            name="title",
            field=models.CharField(blank=True, max_length=200, verbose_name="title"),
        ),
        migrations.AddField(
            model_name="usecase",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.SearchVector("title", config="dutch", weight="A"),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        "summary", "value", "helped", config="dutch", weight="B"
                    ),
                    django.contrib.postgres.search.SearchConfig("dutch"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="usecase",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="use_case_search"),
        ),
    ]
