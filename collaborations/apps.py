from django.apps import AppConfig


class CollaborationsConfig(AppConfig):
    name = "collaborations"

    def ready(self) -> None:
        import audit
        from collaborations import kept, network_turns, turns

        turns.also(network_turns.turns, *network_turns.READS)
        audit.tell(kept.happened)
