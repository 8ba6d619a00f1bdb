"""Every text that people see can be translated, and is: in code, in templates, in the Dutch catalogue."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from web import texts
from web.management.commands.texts import translated

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
SILENT = re.compile(
    r"\{% comment.*?\{% endcomment %\}|\{% blocktranslate.*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}",
    re.DOTALL,
)
ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
ALLOWED = {"NICPET", "SHA-256", "OIN", "Nederlands", "English"}
"""Names that are the same in every language; a language is named in its own."""
BILINGUAL = {"400.html", "500.html", "network_letter.txt"}
"""Shown before or without anything that knows the reader's language: they say the same twice."""


class Visible(HTMLParser):
    """Gathers what a reader sees or hears: text between tags, and the attributes that are read aloud."""

    def __init__(self):
        super().__init__()
        self.found, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")
        self.found.extend(value for name, value in attrs if name in ATTRIBUTES and value)

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.found.append(data)


def untranslatable(source):
    """Words of a template that stand outside its translation tags."""
    reader = Visible()
    reader.feed(SILENT.sub(" ", source))
    reader.close()
    words = " ".join(reader.found).split()
    return [word for word in words if re.search("[^\\W\\d_]", word) and word.strip(".,:;()·") not in ALLOWED]


def forms(string):
    return string if isinstance(string, tuple) else (string,)


@pytest.fixture(scope="module")
def used():
    return [message for message in texts.used() if message.id]


@pytest.fixture(scope="module")
def dutch():
    return {(message.id, message.context): message for message in texts.catalogue() if message.id}


def test_every_text_has_a_dutch_translation(used, dutch):
    missing = [m.id for m in used if (m.id, m.context) not in dutch or not translated(dutch[m.id, m.context])]
    assert not missing, f"translate these in {texts.place()} (python manage.py texts lists them)"


def test_the_catalogue_holds_no_text_that_nobody_uses(used, dutch):
    assert not dutch.keys() - {(message.id, message.context) for message in used}


def test_facts_have_plain_names(used):
    """In a template ``{{ a.b }}`` or ``{{ a|filter }}`` inside a translation stays empty: it needs a ``with``."""
    assert not [m.id for m in used for source in forms(m.id) if re.search(r"%\((?!\w+\)[sd])", source)]


def test_a_translation_fills_in_the_same_facts(dutch):
    wrong = [
        (message.id, form)
        for message in dutch.values()
        for source, form in zip(forms(message.id), forms(message.string), strict=True)
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(form))
    ]
    assert not wrong


def test_a_translation_keeps_the_spaces_and_dots_at_its_ends(dutch):
    wrong = [
        (message.id, form)
        for message in dutch.values()
        for source, form in zip(forms(message.id), forms(message.string), strict=True)
        if form != form.strip() or (source.rstrip()[-1:] in ".?:" and form[-1:] != source.rstrip()[-1:])
    ]
    assert not wrong


def test_the_compiled_catalogue_is_the_one_in_the_tree(dutch):
    """Set-up compiled it; texts with a context or a plural are looked up in another way."""
    with translation.override("nl"):
        wrong = [key for (key, context), message in dutch.items() if isinstance(key, str) and not context
                 and translation.gettext(key) != message.string]  # fmt: skip
    assert not wrong, "bin/setup compiles the catalogue"


@pytest.mark.parametrize(
    "path",
    [path for path in texts.templates() if path.name not in BILINGUAL],
    ids=lambda path: str(path.relative_to(settings.BASE_DIR)),
)
def test_a_template_says_nothing_outside_its_translation_tags(path):
    assert not untranslatable(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<p class="a">Loose {{ name }}</p>', ["Loose"]),
        ('<p{% if a %} class="b"{% endif %}>{% translate "Bound" %}</p>', []),
        ('<img src="a.svg" alt="Mark">', ["Mark"]),
        ('<input aria-label="{% translate "Name" %}">', []),
        ("{% blocktranslate count n=n %}<b>{{ n }}</b> run{% plural %}runs{% endblocktranslate %} · 1,5 –", []),
        ("<script>let word = 1</script>{% comment %}for developers{% endcomment %}<b>NICPET</b>:", []),
    ],
)
def test_the_reader_of_templates_sees_what_people_see(source, words):
    assert untranslatable(source) == words


def found(source, *, template):
    return list(texts.texts_of(source, template=template))


def test_texts_are_found_in_code():
    source = (
        "from django.utils.translation import gettext as say, ngettext_lazy, pgettext\n"
        "say('one' ' two')\n"
        "_('three')\n"
        "_(variable)\n"
        "other('four')\n"
        "ngettext_lazy('%(n)s run', '%(n)s runs', 'n')\n"
        "pgettext('verb', 'run')\n"
    )
    assert found(source, template=False) == [
        ("one two", None), ("three", None), (("%(n)s run", "%(n)s runs"), None), ("run", "verb")
    ]  # fmt: skip


def test_texts_are_found_in_templates():
    source = (
        "    <p>'{% translate \"It's so\" %}</p>\n  {{ value|yesno:_('yes,no') }}\n"
        "{% blocktranslate trimmed with a=b.c %}\n    Of {{ a }}:\n    100%\n{% endblocktranslate %}\n"
        "{% blocktranslate count n=n %}{{ n }} run{% plural %}{{ n }} runs{% endblocktranslate %}"
    )
    assert found(source, template=True) == [
        ("It's so", None), ("yes,no", None), ("Of %(a)s: 100%%", None), (("%(n)s run", "%(n)s runs"), None)
    ]  # fmt: skip


def test_the_catalogue_is_as_the_command_writes_it():
    assert texts.place().read_bytes() == texts.written(texts.merged(texts.catalogue(), texts.used()))


def test_the_command_keeps_translations_and_drops_what_is_gone(monkeypatch, tmp_path, capsys):
    old, new = texts.Catalog("nl"), texts.Catalog()
    old.add("kept", string="behouden")
    old.add("gone", string="weg")
    new.add("kept")
    new.add("new")
    (tmp_path / "nl.po").write_bytes(texts.written(old))
    monkeypatch.setattr(texts, "place", lambda: tmp_path / "nl.po")
    monkeypatch.setattr(texts, "used", lambda: new)
    call_command("texts")
    assert capsys.readouterr().out == "'new'\n2 texts, 1 without a translation\n"
    assert {message.id: message.string for message in texts.catalogue() if message.id} == {
        "kept": "behouden",
        "new": "",
    }
    assert "gone" not in (tmp_path / "nl.po").read_text("utf-8")
