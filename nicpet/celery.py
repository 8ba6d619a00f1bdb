"""Celery: the doorbell. PostgreSQL holds the truth; a message carries an id and may be lost or doubled."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nicpet.settings")

app = Celery("nicpet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
