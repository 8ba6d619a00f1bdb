from django.apps import AppConfig


class DPIAConfig(AppConfig):
    name = "dpia"
