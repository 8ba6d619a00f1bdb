"""A contract's text is frozen by value: saving the row with the same text (only its state moves) is allowed."""

from django.db import migrations

_NAMES = ("use_case_id", "kind", "data", "sha256", "code", "keys", "drafted_by_id")
_OLD, _NEW = (", ".join(f"{row}.{name}" for name in _NAMES) for row in ("old", "new"))

FORWARD = f"""
drop trigger contract_frozen on collaborations_contract;
create trigger contract_frozen before update on collaborations_contract
  for each row when (({_OLD}) is distinct from ({_NEW})) execute function collaborations_frozen();
create trigger contract_kept before delete on collaborations_contract
  for each row execute function collaborations_frozen();
"""
BACKWARD = f"""
drop trigger contract_kept on collaborations_contract;
drop trigger contract_frozen on collaborations_contract;
create trigger contract_frozen before update of {", ".join(_NAMES)} or delete on collaborations_contract
  for each row execute function collaborations_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("collaborations", "0002_frozen")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
