from django.apps import AppConfig


class ComputationsConfig(AppConfig):
    name = "computations"
    default_auto_field = "django.db.models.BigAutoField"
