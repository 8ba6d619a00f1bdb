"""What never changes: a frozen version, a published template, a facts document, and what somebody said or decided."""

from django.db import migrations

FOREVER = ("version", "factsdocument", "review", "advice", "adviceitem", "adoption")
KEPT = ("itemresponse", "authorityconsultation", "answer")  # may be changed, never removed

FORWARD = """
create function dpia_frozen() returns trigger language plpgsql as $$
begin
  raise exception 'a row of % is never changed like this', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger dpia_template_frozen before update of key, version, data, sha256 or delete on dpia_template
  for each row execute function dpia_frozen();
""" + "".join(
    f"create trigger dpia_{table}_frozen before {when} on dpia_{table} for each row execute function dpia_frozen();\n"
    for tables, when in ((FOREVER, "update or delete"), (KEPT, "delete"))
    for table in tables
)
BACKWARD = "".join(
    f"drop trigger dpia_{table}_frozen on dpia_{table};\n" for table in ("template", *FOREVER, *KEPT)
) + "drop function dpia_frozen();\n"


class Migration(migrations.Migration):
    dependencies = [("dpia", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
