"""Calls for partners, interest, organisations outside, knowledge partners and public summaries; agreed words stay."""

import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
create trigger call_words_frozen before update on collaborations_call for each row
  when ((old.use_case_id, old.organisation_id, old.wanted, old.why, old.theme, old.until)
    is distinct from (new.use_case_id, new.organisation_id, new.wanted, new.why, new.theme, new.until))
  execute function collaborations_frozen();
create trigger summary_words_frozen before update on collaborations_summary for each row
  when ((old.use_case_id, old.number, old.title_nl, old.title_en, old.text_nl, old.text_en, old.sha256)
    is distinct from (new.use_case_id, new.number, new.title_nl, new.title_en, new.text_nl, new.text_en, new.sha256))
  execute function collaborations_frozen();
"""
BACKWARD = """
drop trigger summary_words_frozen on collaborations_summary;
drop trigger call_words_frozen on collaborations_call;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_partners"),
        ("collaborations", "0007_portfolio"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="partner",
            name="capacity",
            field=models.CharField(
                choices=[
                    ("controller", "controller"),
                    ("joint_controller", "joint controller"),
                    ("processor", "processor"),
                    ("provider", "provider"),
                    ("adviser", "knowledge partner, advises without data"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("wanted", models.CharField(max_length=200, verbose_name="looking for")),
                ("why", models.TextField(verbose_name="why")),
                ("theme", models.CharField(blank=True, max_length=100, verbose_name="theme")),
                ("until", models.DateField(verbose_name="until")),
                (
                    "state",
                    models.CharField(choices=[("open", "open"), ("closed", "closed")], default="open", max_length=6),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.SearchVector("wanted", config="dutch", weight="A"),
                            "||",
                            django.contrib.postgres.search.SearchVector("why", config="dutch", weight="B"),
                            django.contrib.postgres.search.SearchConfig("dutch"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="accounts.organisation"
                    ),
                ),
                (
                    "use_case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="collaborations.usecase"
                    ),
                ),
            ],
            options={
                "ordering": ["until", "published_at"],
            },
        ),
        migrations.CreateModel(
            name="CallAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="what you offer")),
                ("contact", models.CharField(blank=True, max_length=300, verbose_name="whom to reach")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="offered",
                        max_length=9,
                    ),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="collaborations.call"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_answers",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="collaborations.call",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "use_case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="collaborations.usecase",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Outsider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name of the organisation")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("message", models.TextField(verbose_name="message")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("controller", "controller"),
                            ("joint_controller", "joint controller"),
                            ("processor", "processor"),
                            ("provider", "provider"),
                            ("adviser", "knowledge partner, advises without data"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("admitted", "on the platform"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "use_case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outsiders",
                        to="collaborations.usecase",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Summary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("title_nl", models.CharField(max_length=200, verbose_name="title in Dutch")),
                ("title_en", models.CharField(max_length=200, verbose_name="title in English")),
                ("text_nl", models.TextField(verbose_name="text in Dutch")),
                ("text_en", models.TextField(verbose_name="text in English")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "waits for the partners"),
                            ("published", "public"),
                            ("withdrawn", "withdrawn"),
                            ("superseded", "replaced"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "use_case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="summaries",
                        to="collaborations.usecase",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="SummaryAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="collaborations.summary",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="call",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="call_search"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(condition=models.Q(("state", "open")), fields=["until"], name="call_open"),
        ),
        migrations.AddConstraint(
            model_name="callanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["offered", "accepted"])),
                fields=("call", "organisation"),
                name="one_live_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.UniqueConstraint(fields=("organisation", "call"), name="interest_in_call_once"),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("call", None)), fields=("organisation", "use_case"), name="interest_in_summary_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(fields=("use_case", "number"), name="summary_once"),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("use_case",), name="one_proposed_summary"
            ),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")), fields=("use_case",), name="one_public_summary"
            ),
        ),
        migrations.AddConstraint(
            model_name="summaryagreement",
            constraint=models.UniqueConstraint(fields=("summary", "organisation"), name="summary_agreed_once"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
