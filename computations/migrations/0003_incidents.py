"""What went wrong, and the clock of its notification."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


FORWARD = """
create trigger incident_frozen
  before update of use_case_id, organisation_id, title, what, discovered_at, recorded_by_id, recorded_at or delete
  on computations_incident for each row execute function collaborations_frozen();
"""
BACKWARD = "drop trigger incident_frozen on computations_incident;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_partners"),
        ("collaborations", "0006_agreement_content"),
        ("computations", "0002_code_compared"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("what", models.TextField(max_length=10000, verbose_name="what happened")),
                ("discovered_at", models.DateTimeField(verbose_name="discovered at")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("notified_at", models.DateTimeField(null=True, verbose_name="notified at")),
                ("not_notified", models.TextField(blank=True, verbose_name="why it is not notified")),
                ("measures", models.TextField(blank=True, verbose_name="measures")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "incident is open"), ("closed", "incident is closed")],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("runs", models.ManyToManyField(related_name="incidents", to="computations.run")),
                (
                    "use_case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="collaborations.usecase",
                    ),
                ),
            ],
            options={
                "ordering": ["-discovered_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notified_at", None), ("notified_at__gte", models.F("discovered_at")), _connector="OR"
                        ),
                        name="incident_notified_after_discovery",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(
                                    ("notified_at__isnull", False),
                                    models.Q(("not_notified", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="incident_closed_when_decided",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
