from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        import audit
        from accounts import deputies

        audit.also(deputies.told)
