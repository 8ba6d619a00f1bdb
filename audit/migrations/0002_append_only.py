"""Events can be added and read, nothing else, whoever asks the database."""

from django.db import migrations

FORWARD = """
create function audit_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit events are append-only: % refused', tg_op using errcode = 'restrict_violation';
end $$;
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function audit_append_only();
create trigger audit_event_no_truncate before truncate on audit_event
  for each statement execute function audit_append_only();
"""
BACKWARD = "drop trigger audit_event_no_truncate on audit_event; drop trigger audit_event_append_only on audit_event; drop function audit_append_only();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
