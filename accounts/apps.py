from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        import audit
        from accounts import deputies
        from accounts.support import access

        audit.also(deputies.told)
        audit.also(access.told)
