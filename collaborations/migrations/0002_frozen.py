"""What was agreed never changes: specification versions, the text of contracts, what an approved legal basis says, what
an agreement is. And nobody who wrote in a legal basis approves it."""

from django.db import migrations

FORWARD = """
create function collaborations_frozen() returns trigger language plpgsql as $$
begin
  raise exception 'a row of % never changes', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger specification_frozen before update or delete on collaborations_specificationversion
  for each row execute function collaborations_frozen();
create trigger contract_frozen
  before update of use_case_id, kind, data, sha256, code, keys, drafted_by_id or delete on collaborations_contract
  for each row execute function collaborations_frozen();
create trigger contract_document_frozen before update or delete on collaborations_contractdocument
  for each row execute function collaborations_frozen();
create trigger signature_frozen before update or delete on collaborations_signature
  for each row execute function collaborations_frozen();

create function collaborations_basis_frozen() returns trigger language plpgsql as $$
declare moving text[] := array['state', 'state_since', 'reason'];
begin
  if tg_op = 'UPDATE' and exists (
    select from collaborations_legalbasis_authors where legalbasis_id = new.id and user_id = new.approved_by_id
  ) then
    raise exception 'an author never approves a legal basis' using errcode = 'restrict_violation';
  end if;
  if old.approved_by_id is null then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  if tg_op = 'DELETE' or to_jsonb(old) - moving is distinct from to_jsonb(new) - moving then
    raise exception 'an approved legal basis never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger basis_frozen before update or delete on collaborations_legalbasis
  for each row execute function collaborations_basis_frozen();

create function collaborations_agreement_frozen() returns trigger language plpgsql as $$
declare moving text[] := array['state', 'reason'];
begin
  if tg_op = 'DELETE' or to_jsonb(old) - moving is distinct from to_jsonb(new) - moving then
    raise exception 'an agreement never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger agreement_frozen before update or delete on collaborations_agreement
  for each row execute function collaborations_agreement_frozen();
create trigger agreement_parties_frozen before update or delete on collaborations_agreement_parties
  for each row execute function collaborations_frozen();
"""
BACKWARD = """
drop trigger agreement_parties_frozen on collaborations_agreement_parties;
drop trigger agreement_frozen on collaborations_agreement;
drop function collaborations_agreement_frozen();
drop trigger basis_frozen on collaborations_legalbasis;
drop function collaborations_basis_frozen();
drop trigger signature_frozen on collaborations_signature;
drop trigger contract_document_frozen on collaborations_contractdocument;
drop trigger contract_frozen on collaborations_contract;
drop trigger specification_frozen on collaborations_specificationversion;
drop function collaborations_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("collaborations", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
