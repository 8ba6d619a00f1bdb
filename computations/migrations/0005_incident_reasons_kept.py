"""A reason not to notify stays: a later one is added below it."""

from django.db import migrations

FORWARD = """
create trigger incident_reasons_kept before update of not_notified on computations_incident
  for each row when (not starts_with(new.not_notified, old.not_notified)) execute function collaborations_frozen();
"""
BACKWARD = "drop trigger incident_reasons_kept on computations_incident;"


class Migration(migrations.Migration):
    dependencies = [("computations", "0004_schedules")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
