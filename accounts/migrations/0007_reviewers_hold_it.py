"""Lawyers and security officers of before can review a DPIA as well: a role gives what its permissions are now."""

from django.db import migrations

GIVEN = {
    "lawyer": ("review_assessment_law", "Review the DPIA as lawyer"),
    "security_officer": ("review_assessment_security", "Review the DPIA as security officer"),
}


def give(apps, schema_editor):
    held = apps.get_model("accounts", "RoleHeld")
    granted = apps.get_model("guardian", "UserObjectPermission")
    kind, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="accounts", model="organisation"
    )
    for role, (codename, name) in GIVEN.items():
        rows = held.objects.filter(role=role).values_list("membership__user", "membership__organisation")
        if not rows:
            continue  # a new installation makes the permission itself, after its migrations
        permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
        for user, organisation in rows:
            granted.objects.get_or_create(
                user_id=user, permission=permission, content_type=kind, object_pk=str(organisation)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_reviewers"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
