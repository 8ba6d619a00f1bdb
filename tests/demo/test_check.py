"""A specification file is refused before anything is started, with a sentence and never a traceback."""

import subprocess
import sys

import pytest
import yaml

from bin.machine.paths import ROOT
from tests.demo.test_own_data import SMALLEST, place

__all__ = ["place"]
OTHERS = SMALLEST["parties"][1:]


def check(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "demo.check", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_a_good_file_is_silent(place):
    done = check("--spec", place())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colour": "red"}, "colour"),
        ({"parties": [SMALLEST["parties"][0], *SMALLEST["parties"]]}, "twice"),
        ({"parties": [{"organisation": "registry", "file": "lost.csv"}, *OTHERS]}, "lost.csv"),
        ({"checker": "registry"}, "asker"),
        ({"recipients": ["stranger"]}, "stranger"),
        ({"disclosure": {"k": 5}}, "at least 10"),
        ({"parties": [{**SMALLEST["parties"][0], "least_k": 40}, *OTHERS]}, "at least 40"),
        ({"parties": "nobody"}, "parties"),
        ({"schedule": {"recurrence": "daily"}}, "recurrence"),
    ],
)
def test_a_wrong_file_gets_its_sentence(place, changes, words):
    done = check("--spec", place(**changes))
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["0001,1", "0001,2"], "more than once"),
        (["0001,1", "0002,"], "row"),
        (["0001,1", "0002,=1+1"], "amount"),
        (["0001,1", "0002," + "9" * 1_000_000], "debts"),
    ],
)
def test_data_that_cannot_serve(place, rows, words):
    file = place()
    (file.parent / "debts.csv").write_text("\n".join(["person,amount", *rows]) + "\n", "utf-8")
    done = check("--spec", file)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "9999" not in done.stderr


@pytest.mark.parametrize("text", ["", "- a list", "just words", "a: [", "\x00", "a: &a [*a]"])
def test_what_is_no_specification_at_all(tmp_path, text):
    file = tmp_path / "question.yaml"
    file.write_text(text, "utf-8")
    done = check("--spec", file)
    assert done.returncode == 1
    assert str(file) in done.stderr or "specification file" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_example_that_does_not_exist():
    done = check("atlantis")
    assert done.returncode == 1
    assert "kvk" in done.stderr


def test_bin_demo_starts_nothing_for_a_wrong_file(place):
    done = subprocess.run(
        [sys.executable, "bin/demo", "--json", "--spec", place(**{"checker": "registry"})],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert "checked by the asker" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Starting" not in done.stderr


def test_the_yaml_of_the_documentation_is_what_the_reader_takes(tmp_path):
    """The example of docs/own-data.md, with files made to fit."""
    text = (ROOT / "docs" / "own-data.md").read_text("utf-8").split("```yaml")[1].split("```")[0]
    rows = range(100)
    (tmp_path / "persons.csv").write_text("person,district,age_band\n" + "".join(f"{n:03},A,B\n" for n in rows))
    (tmp_path / "debts.csv").write_text("person,amount\n" + "".join(f"{n:03},{n}\n" for n in rows))
    (tmp_path / "help.csv").write_text("person,asked\n" + "".join(f"{n:03},true\n" for n in rows))
    file = tmp_path / "question.yaml"
    file.write_text(text, "utf-8")
    assert yaml.safe_load(text)["checker"] == "helpdesk"
    done = check("--spec", file)
    assert (done.returncode, done.stderr) == (0, "")
