from django.apps import AppConfig


class CollaborationsConfig(AppConfig):
    name = "collaborations"

    def ready(self) -> None:
        from collaborations import network_turns, turns

        turns.also(network_turns.turns)
