"""The texts that people see, found in code and templates, and the Dutch catalogue that translates them.

Django's own ``makemessages`` needs the gettext programs; Babel, which is there to compile the catalogue, reads the same
sources. The catalogue holds no line numbers and is sorted, so that a change shows only the texts that changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

PLURALS = {"ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
KEYWORDS: dict[str, Any] = DEFAULT_KEYWORDS | {f"{name}_lazy": arguments for name, arguments in PLURALS.items()}
KEYWORDS |= {"gettext_lazy": None, "gettext_noop": None}
RENAMED = re.compile(r"\b(\w*gettext\w*) as (\w+)")
TEMPLATES = (".html", ".txt")


def place() -> Path:
    """Where the Dutch catalogue stands."""
    return Path(settings.LOCALE_PATHS[0]) / "nl" / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    """Our own code and templates; migrations only repeat what the models say."""
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if folder.parent == settings.BASE_DIR:
            yield from (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)
    yield from templates()


def templates() -> Iterator[Path]:
    folder = settings.BASE_DIR / "templates"
    yield from (path for path in sorted(folder.rglob("*")) if path.suffix in TEMPLATES)


def used() -> Catalog:
    """Every text in the sources, untranslated."""
    catalog = Catalog()
    for path in sources():
        for message, context in texts_of(path.read_text("utf-8"), template=path.suffix in TEMPLATES):
            catalog.add(message, context=context)
    return catalog


def texts_of(source: str, *, template: bool) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """The texts of one file with their context; a text with a plural is a pair."""
    if template:
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    keywords = KEYWORDS | {new: KEYWORDS[old] for old, new in RENAMED.findall(source) if old in KEYWORDS}
    for _line, function, found, _comments in extract_python(BytesIO(source.encode()), keywords, [], {}):
        if message := _message(keywords[function], found if isinstance(found, tuple) else (found,)):
            yield message


def _message(arguments: Any, found: Sequence[Any]) -> tuple[str | tuple[str, ...], str | None] | None:
    """Picks context, text and plural out of what a call was given; None where a text is not a literal."""
    wanted = arguments or (1,)
    picked = [found[at[0] - 1 if isinstance(at, tuple) else at - 1] for at in wanted]
    if not all(picked):
        return None
    context = picked.pop(0) if isinstance(wanted[0], tuple) else None
    return (picked[0] if len(picked) == 1 else tuple(picked)), context


def catalogue() -> Catalog:
    """The Dutch catalogue as it stands."""
    with place().open("rb") as file:
        return read_po(file, locale="nl")


def merged(catalog: Catalog, texts: Catalog) -> Catalog:
    """The catalogue with new texts untranslated, translations kept, and without what nobody uses any more."""
    texts.creation_date = catalog.creation_date
    catalog.update(texts, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def written(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, no_location=True, sort_output=True)
    return buffer.getvalue()
