"""Finding use cases: search in Dutch, by partner, theme, state and turn; the board; what stands in the address."""

from __future__ import annotations

from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection

from collaborations import actions
from collaborations.models import Collaboration, Partner, UseCase
from collaborations.portfolio import PER_COLUMN, Wanted

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def forgotten():
    """Nothing is remembered from another test's database."""
    cache.clear()


@pytest.fixture
def made(organisations, person):
    """``made(title, **fields)``: a use case of alfa, in whatever state, without its road."""
    by = person("alfa", "innovation_manager")

    def one(title: str, partner: str = "", **fields: Any) -> UseCase:
        use_case = UseCase.objects.create(
            collaboration=Collaboration.objects.create(name=title), proposer=organisations["alfa"], title=title,
            proposed_by=by, **{"summary": "Verzonnen.", "state": "exploring"} | fields,
        )  # fmt: skip
        for key in ("alfa", *([partner] if partner else [])):
            Partner.objects.create(use_case=use_case, organisation=organisations[key], capacity="joint_controller",
                                   state="joined")  # fmt: skip
        return use_case

    return one


@pytest.fixture
def look(at):
    def opened(query: str = "", key: str = "alfa", role: str = "innovation_manager") -> Any:
        return at(key, role).get(f"/use-cases/?{query}")

    return opened


def titles(answer: Any) -> list[str]:
    if "page" in answer.context:
        return [use_case.title for use_case in answer.context["page"]]
    return [use_case.title for column in answer.context["columns"] for use_case in column.use_cases]


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("schuld", {"Vroege schulden", "Wonen"}),  # another form of the word; in the title and in a text
        ("schulden -vroege", {"Wonen"}),
        ('"vroege schulden"', {"Vroege schulden"}),
        ("helpen", {"Wonen"}),  # what it brings
        ("beta", {"Energie"}),  # the name of a partner
        ("Ener", {"Energie"}),  # the begin of a title
        ("de", set()),  # a word without meaning, in no title
        ("' OR 1=1 -- <script>", set()),
        ("100%", set()),
        ("\x00", {"Vroege schulden", "Wonen", "Energie"}),
    ],
)
def test_search_understands_dutch_and_names_of_partners(made, look, query, expected):
    made("Vroege schulden", theme="poverty")
    made("Wonen", summary="Wie een huis huurt en schulden heeft.", value="Gezinnen worden geholpen, wij helpen.")
    made("Energie", partner="beta")
    answer = look(f"q={query.replace('%', '%25')}")
    assert answer.status_code == 200
    assert set(titles(answer)) == expected


def test_the_best_fit_stands_first_unless_another_order_is_asked(made, look):
    made("Aaa", summary="Ook over schulden.")
    made("Schulden en nog eens schulden")
    made("Bbb", summary="Schulden.")
    assert titles(look("q=schulden"))[0] == "Schulden en nog eens schulden"
    assert titles(look("q=schulden&sort=title")) == ["Aaa", "Bbb", "Schulden en nog eens schulden"]


def test_filters_work_together_and_stand_in_the_address(made, look):
    made("One", theme="poverty", state="exploring")
    made("Two", theme="poverty", state="closed", partner="beta")
    made("Three", theme="energy", state="closed", partner="beta")
    made("Four", theme="music", state="closed")
    made("Five", theme="", state="closed")
    assert set(titles(look("theme=poverty"))) == {"One", "Two"}
    assert titles(look("theme=poverty&state=closed&partner=beta")) == ["Two"]
    assert titles(look("theme=other")) == ["Four"]
    answer = look("theme=poverty&state=closed&partner=beta&q=two&sort=title")
    assert 'name="q" value="two"' in text(answer)
    for chosen in ('value="poverty" selected', 'value="closed" selected', 'value="beta" selected'):
        assert chosen in text(answer)
    assert "?view=board&q=two&state=closed&theme=poverty&partner=beta&sort=title" in text(answer)


@pytest.mark.parametrize("query", ["state=x", "theme=x", "view=x", "sort=x", "mine=x", "page=x", "state=&theme="])
def test_what_is_not_known_asks_for_nothing(made, look, query):
    made("One")
    assert titles(look(query)) == ["One"]


def test_nothing_found_says_so_and_offers_all(made, look):
    made("One")
    answer = look("q=nergens")
    assert "No use case found" in text(answer) and 'href="/use-cases/"' in text(answer)
    assert "No use case found" in text(look("view=board&partner=nobody"))


def test_others_find_nothing_of_it(made, look):
    made("Geheim", partner="beta")
    assert titles(look("q=geheim", key="beta")) == ["Geheim"]
    assert titles(look("q=alfa", key="gamma")) == [] if "page" in look("q=alfa", key="gamma").context else True
    assert "Geheim" not in text(look("q=geheim", key="gamma"))
    assert "Alfa" not in text(look("", key="gamma", role="dpo")).split("<main")[1]


def test_only_what_waits_for_this_person(use_case_at, made, look, person, organisations):
    waiting = use_case_at("proposed")
    made("Closed long ago", state="closed")
    assert set(titles(look("", key="beta"))) == {waiting.title}
    assert titles(look("mine=1", key="beta")) == [waiting.title]
    assert "No use case found" in text(look("mine=1", key="beta", role="dpo"))
    actions.accept_invitation(
        partner=waiting.partners.get(organisation=organisations["beta"]), by=person("beta", "innovation_manager")
    )
    assert "No use case found" in text(look("mine=1", key="beta"))
    assert titles(look("mine=1&view=board")) == [waiting.title]


def test_the_board_has_a_column_per_state_with_its_number(made, look):
    for n in range(PER_COLUMN + 3):
        made(f"Many {n}", state="exploring")
    made("Held", state="on_hold")
    columns = {c.state: c for c in look("view=board").context["columns"]}
    assert list(columns) == ["draft", "proposed", "exploring", "assessing", "authorised", "on_hold", "closed"]
    assert (columns["exploring"].number, len(columns["exploring"].use_cases)) == (PER_COLUMN + 3, PER_COLUMN)
    assert "3 more: exploring" in text(look("view=board")) and "?state=exploring" in text(look("view=board"))
    assert [c.state for c in look("view=board&state=closed&q=x").context.get("columns", [])] == ["closed"]
    assert titles(look("view=board&state=on_hold")) == ["Held"]


@pytest.mark.parametrize("query", ["", "view=board", "q=many", "view=board&q=many&theme=poverty&sort=still", "mine=1"])
def test_many_take_as_many_queries_as_few(made, at, query, django_assert_max_num_queries):
    client, counts = at("alfa", "innovation_manager"), []
    for number in (2, 30):
        for n in range(number):
            made(f"Many {n}", theme="poverty", state="exploring" if n % 2 else "closed")
        client.get(f"/use-cases/?{query}")  # whose turn it is, is worked out once
        with django_assert_max_num_queries(MOST_QUERIES) as captured:
            assert client.get(f"/use-cases/?{query}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_text_index_is_used_for_a_search_in_everything(made):
    for n in range(3):
        made(f"Many {n}")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        found = UseCase.objects.filter(search="many").order_by()
        assert "use_case_search" in found.explain()


def test_the_address_says_only_what_is_chosen():
    wanted = Wanted.read({"q": " a b ", "state": "closed", "sort": "nonsense", "page": "3"})
    assert wanted.address() == "q=a+b&state=closed"
    assert wanted.address(view="board", state="") == "view=board&q=a+b"
    assert len(Wanted.read({"q": "x" * 5_000}).q) == 200


def test_the_pages_have_no_duplicate_ids(made, look):
    made("One")
    for query in ("", "view=board"):
        ids = [part.split('"')[0] for part in text(look(query)).split(' id="')[1:]]
        assert len(ids) == len(set(ids)), query
    assert isinstance(UseCase.objects.get().pk, UUID)
