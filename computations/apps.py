from django.apps import AppConfig


class ComputationsConfig(AppConfig):
    name = "computations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import onboarding as checklist
        from collaborations import turns as use_case_turns
        from computations import incident_turns, onboarding, turns

        checklist.also(onboarding.lines)
        use_case_turns.also(turns.turns)
        use_case_turns.also(incident_turns.turns)
