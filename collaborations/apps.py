from django.apps import AppConfig


class CollaborationsConfig(AppConfig):
    name = "collaborations"

    def ready(self) -> None:
        import audit
        from collaborations import kept

        audit.tell(kept.happened)
