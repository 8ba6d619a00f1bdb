from django.apps import AppConfig


class ComputationsConfig(AppConfig):
    name = "computations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import onboarding as checklist
        from collaborations import gate
        from collaborations import turns as use_case_turns
        from collaborations.actions.intake import also_copied
        from computations import engines, incident_turns, onboarding, showing, turns
        from computations.actions.drafts import copy_specification
        from dpia import examples

        also_copied(copy_specification)
        checklist.also(onboarding.lines)
        examples.also(showing.trial_example)
        gate.also(engines.engine_everywhere)
        use_case_turns.also(turns.turns, *turns.READS)
        use_case_turns.also(incident_turns.turns, *incident_turns.READS)
