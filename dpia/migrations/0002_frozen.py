"""A frozen version and a published template never change; nor does a facts document."""

from django.db import migrations

FORWARD = """
create function dpia_frozen() returns trigger language plpgsql as $$
begin
  raise exception 'a row of % never changes', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger dpia_version_frozen before update or delete on dpia_version
  for each row execute function dpia_frozen();
create trigger dpia_facts_frozen before update or delete on dpia_factsdocument
  for each row execute function dpia_frozen();
create trigger dpia_template_frozen before update of key, version, data, sha256 or delete on dpia_template
  for each row execute function dpia_frozen();
"""
BACKWARD = """
drop trigger dpia_template_frozen on dpia_template;
drop trigger dpia_facts_frozen on dpia_factsdocument;
drop trigger dpia_version_frozen on dpia_version;
drop function dpia_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("dpia", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
