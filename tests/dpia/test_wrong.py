"""A mistake in a template's file: a sentence with the line and the place, in both languages, and nothing half read."""

import pytest
import yaml

from dpia.template import TEMPLATES, read_template
from dpia.template_file import DEEPEST, MOST_KIB
from station.reasons import Refused
from tests.dpia.test_template import YAML

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 10)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD = {
    "nothing": ("", "template.empty", 0),
    "no YAML": (YAML.replace("key: t", "key: [t"), "template.not_yaml", 4),
    "a name twice": (YAML.replace("version", "key: u\nversion", 1), "template.not_yaml", 4),
    "python": ("!!python/object/apply:os.getcwd []", "template.not_yaml", 1),
    "a tab": ("a:\n\t- b", "template.not_yaml", 2),
    "deep": ("\n" + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "template.too_deep", 2),
    "deep without end": ("[" * 100_000, "template.too_deep", 1),
    "huge": (f"a: '{'x' * MOST_KIB * 1024}'", "template.too_large", 0),
    "a bomb": (BOMB, "template.too_large", 0),
    "itself": ("a: &a [*a]", "template.not_yaml", 1),
    "a list as a name": ("? [a]\n: b", "template.not_yaml", 1),
}


@pytest.mark.parametrize(("text", "code", "line"), BAD.values(), ids=BAD.keys())
def test_what_is_no_sound_yaml_is_refused_with_its_line(text, code, line):
    with pytest.raises(Refused) as refused:
        read_template(text)
    (reason,) = refused.value.reasons
    assert reason.code == code
    assert not line or reason.facts["line"] == line


def sentences(text: str, language: str = "en") -> list[str]:
    with pytest.raises(Refused) as refused:
        read_template(text)
    assert {reason.code for reason in refused.value.reasons} == {"template.problem"}
    return [reason.text(language) for reason in refused.value.reasons]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_a_word_that_yaml_reads_as_something_else_is_named_with_its_place():
    text = YAML.replace("nl: Vraag", "nl: no", 1)
    (said,) = sentences(text)
    assert said.startswith(f"Line {line_of(text, 'nl: no')}, ")
    assert "yes-or-no value (false); put quotes around it" in said
    assert "aanhalingstekens" in sentences(text, "nl")[0]


def test_a_missing_translation_an_unknown_type_and_an_unknown_name_are_all_told():
    text = (TEMPLATES / "nl-dpia-pet-core.yaml").read_text("utf-8")
    text = text.replace('help: {nl: "Denk ook', 'help: {nl: "" , en: x}\n            hilp: {nl: "Denk ook', 1)
    text = text.replace("type: longtext", "type: essay", 1)
    said = sentences(text)
    line = line_of(text, "type: essay")
    assert any(one.startswith(f"Line {line}, a > facts > context > type: this has to be one of") for one in said)
    assert any("the text is empty" in one for one in said)
    assert any("risks > hilp: this name is not known here" in one for one in said)


def test_questions_in_a_circle_are_named():
    text = YAML.replace("{q: one, op: eq, value: a}", "{q: two, op: truthy}")
    assert "two" in sentences(text)[0]
    assert "vragen die van elkaar afhangen" in sentences(text, "nl")[0]


def test_no_more_than_twenty_mistakes_at_once():
    data = yaml.safe_load((TEMPLATES / "nl-dpia-pet.yaml").read_text("utf-8"))
    for part in data["parts"]:
        for point in part["points"]:
            for question in point["questions"]:
                question["colour"] = "red"
    assert len(sentences(yaml.safe_dump(data))) == 20
