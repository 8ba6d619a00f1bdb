"""The scenes of the browser's demo: well formed, in both languages, and ending where they say."""

from datetime import date
from importlib.resources import files

import pytest
import yaml

from accounts.roles import ROLES
from collaborations.models import LegalBasis, UseCase
from demo import acts, cast, examples, play, road, runs, scene
from demo.memory import Memory
from demo.people import describe
from discussion.models import Comment
from station.contract.rules import specification_reasons

TODAY = date.today()
ENDS = {
    "10-draft": ("draft", None),
    "20-proposed": ("proposed", None),
    "25-joining": ("exploring", None),
    "40-dpia-draft": ("assessing", "draft"),
    "41-dpia-review": ("assessing", "privacy_review"),
    "42-dpia-advice": ("assessing", "dpo_advice"),
    "43-dpia-response": ("assessing", "response"),
    "44-dpia-consultation": ("assessing", "prior_consultation"),
    "45-dpia-adoption": ("assessing", "adoption"),
    "46-agreement-ended": ("assessing", "adopted"),
    "70-rejected": ("rejected", None),
    "71-withdrawn": ("withdrawn", None),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    plan = examples.get("kvk").plan(tmp_path_factory.mktemp("kvk"), TODAY)
    return {one.key: one for one in scene.scenes(plan.specification, TODAY)}


def test_every_question_that_is_specified_is_sound(found):
    for one in found.values():
        if not any(step == ("to", "draft") for step in one.steps):
            assert specification_reasons(one.specification) == [], one.key


def test_every_act_is_known_and_every_person_exists(found):
    for one in found.values():
        for act, facts in one.steps:
            assert act in {"to", "run", *acts.ACTS, *runs.AT_STATIONS}, one.key
            if act == "to":
                assert facts in road.STEPS
            elif "by" in facts:
                organisation, role = facts["by"].split()
                assert organisation in scene.stage()["organisations"]
                assert role in ROLES
            if act == "run":
                assert facts["ends"] in runs.ENDS


@pytest.mark.parametrize("name", ["stage.yaml", "dossier.yaml", "people.yaml", "kvk/dossier.yaml", *(
    f"scenes/{file.name}" for file in files("demo").joinpath("scenes").iterdir()
)])  # fmt: skip
def test_a_text_has_both_languages_and_nothing_else(name):
    """A comma in a plain YAML text would cut it in two."""

    def texts(node):
        if isinstance(node, dict):
            assert "nl" not in node or set(node) == {"nl", "en"}, node
            for value in node.values():
                texts(value)
        elif isinstance(node, list):
            for value in node:
                texts(value)
        else:
            assert node is not None

    texts(yaml.safe_load(files("demo").joinpath(name).read_text("utf-8")))


def test_there_is_one_name_for_every_account_of_the_stage():
    assert len(set(describe()["names"])) >= len(scene.stage()["organisations"]) * len(describe()["roles"])


def test_only_scenes_with_a_contract_need_stations(found):
    assert {key for key, one in found.items() if not play.needs_stations(one)} == set(ENDS)


@pytest.mark.django_db
def test_scenes_end_where_they_say_and_playing_them_again_changes_nothing(found, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "documents"
    cast.cast(scene.stage()["organisations"], password=None, today=TODAY)
    for _again in range(2):
        memory = Memory(tmp_path / "scenes.json")
        for key in ENDS:
            play.play(found[key], {}, memory, lambda _text: None)
    assert UseCase.objects.count() == len(ENDS)
    for key, (state, assessment) in ENDS.items():
        use_case = UseCase.objects.get(title=found[key].specification.title.nl)
        assert use_case.state == state, key
        assert (use_case.assessment.state if use_case.assessment else None) == assessment, key
    assert set(LegalBasis.objects.values_list("state", flat=True)) >= {"draft", "legal_review", "dpo_advised"}
    assert Comment.objects.filter(internal=True).exists()


@pytest.mark.django_db
def test_a_scene_that_breaks_leaves_nothing(found, tmp_path):
    cast.cast({"kvk": "KVK"}, password=None, today=TODAY)  # the partners are not there
    with pytest.raises(Exception, match="does not exist"):
        play.play(found["20-proposed"], {}, Memory(tmp_path / "scenes.json"), lambda _text: None)
    assert not UseCase.objects.exists()
    assert Memory(tmp_path / "scenes.json").of("20-proposed") == {}
