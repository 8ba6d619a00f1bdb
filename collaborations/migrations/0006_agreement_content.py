"""What an agreement says about people's rights, who signed it here, and its next version."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
create trigger agreement_right_frozen before update or delete on collaborations_agreementright
  for each row execute function collaborations_frozen();
create trigger agreement_signature_frozen before update or delete on collaborations_agreementsignature
  for each row execute function collaborations_frozen();
"""
BACKWARD = """
drop trigger agreement_signature_frozen on collaborations_agreementsignature;
drop trigger agreement_right_frozen on collaborations_agreementright;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_partners"),
        ("collaborations", "0005_basis_parts_frozen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "right",
                    models.CharField(
                        choices=[
                            ("information", "information about the processing (art. 13 and 14)"),
                            ("access", "access (art. 15)"),
                            ("rectification", "rectification (art. 16)"),
                            ("erasure", "erasure (art. 17)"),
                            ("restriction", "restriction (art. 18)"),
                            ("objection", "objection (art. 21)"),
                            ("automated", "automated decisions (art. 22)"),
                        ],
                        max_length=13,
                    ),
                ),
                ("remarks", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AgreementSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.AddField(
            model_name="agreement",
            name="contact_email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="contact_name",
            field=models.CharField(blank=True, max_length=150, verbose_name="contact point"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="contact_phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="telephone"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="on_paper",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="agreement",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacements",
                to="collaborations.agreement",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="state",
            field=models.CharField(
                choices=[
                    ("drafted", "waits for signatures"),
                    ("in_force", "in force"),
                    ("superseded", "replaced by a next version"),
                    ("terminated", "terminated"),
                ],
                default="in_force",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "terminated"), _negated=True),
                fields=("replaces",),
                name="one_next_version_of_an_agreement",
            ),
        ),
        migrations.AddField(
            model_name="agreementright",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rights", to="collaborations.agreement"
            ),
        ),
        migrations.AddField(
            model_name="agreementright",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="agreementsignature",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="collaborations.agreement"
            ),
        ),
        migrations.AddField(
            model_name="agreementsignature",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="agreementsignature",
            name="mandate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.mandate"
            ),
        ),
        migrations.AddField(
            model_name="agreementsignature",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementright",
            constraint=models.UniqueConstraint(fields=("agreement", "right"), name="agreement_right_once"),
        ),
        migrations.AddConstraint(
            model_name="agreementsignature",
            constraint=models.UniqueConstraint(fields=("agreement", "organisation"), name="agreement_signed_once"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
