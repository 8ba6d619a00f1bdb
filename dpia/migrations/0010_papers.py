"""Files under questions; what a frozen version names is never removed, and no file is ever changed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


FORWARD = """
create function dpia_paper_held() returns trigger language plpgsql as $$
begin
  if exists (select 1 from dpia_version v
             where v.assessment_id = old.assessment_id and position(old.sha256 in v.data::text) > 0) then
    raise exception 'a paper that a version names is never removed' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger dpia_paper_held before delete on dpia_paper for each row execute function dpia_paper_held();
create trigger dpia_paper_frozen before update on dpia_paper for each row execute function dpia_frozen();
"""
BACKWARD = """
drop trigger dpia_paper_held on dpia_paper;
drop trigger dpia_paper_frozen on dpia_paper;
drop function dpia_paper_held();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_mandate_in_doubt'),
        ('dpia', '0009_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=60)),
                ('file', models.FileField(max_length=255, upload_to='dpia-papers/%Y/')),
                ('name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='dpia.assessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'question', 'organisation', 'sha256'), name='paper_once', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
