"""Every row cites at least the law it always named; what an approved row cites and rests on never changes.

The columns that the register gained are frozen already: the trigger on the row compares all of them.
"""

from django.db import migrations

FORWARD = """
insert into collaborations_basiscitation (basis_id, number, law_id, article, quote, remark, verified)
  select id, 1, law_id, article, '', '', false from collaborations_legalbasis;

create function collaborations_basis_part_frozen() returns trigger language plpgsql as $$
declare part record;
begin
  part := case when tg_op = 'DELETE' then old else new end;
  if exists (
    select from collaborations_legalbasis where approved_by_id is not null
      and id in (part.basis_id, case when tg_op = 'INSERT' then part.basis_id else old.basis_id end)
  ) then
    raise exception 'what an approved legal basis rests on never changes' using errcode = 'restrict_violation';
  end if;
  return part;
end $$;
create trigger basis_citation_frozen before insert or update or delete on collaborations_basiscitation
  for each row execute function collaborations_basis_part_frozen();
create trigger basis_document_frozen before insert or update or delete on collaborations_basisdocument
  for each row execute function collaborations_basis_part_frozen();
"""
BACKWARD = """
drop trigger basis_document_frozen on collaborations_basisdocument;
drop trigger basis_citation_frozen on collaborations_basiscitation;
drop function collaborations_basis_part_frozen();
delete from collaborations_basiscitation;
"""


class Migration(migrations.Migration):
    dependencies = [("collaborations", "0004_basis_grounds")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
