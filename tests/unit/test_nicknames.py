"""What someone is called beside his name, in brackets or quotes right after it; all names are invented."""

from __future__ import annotations

import re

import pytest

from pipeline.resolve import resolve_entities
from pipeline.schema import Analysis, Document, Entity, EntityType, Mention, Sentence, Span
from pipeline.segment import tokenize

NAMES = re.compile("سالم الجوهري|أبو سامر|نادر برقان|برقان|Salem Al Jawhari|Nader|سالم")


def entities_of(text: str) -> tuple[Entity, ...]:
    """The entities of a text in which all of the names above are mentions of persons."""
    mentions = tuple(Mention(Span(*match.span()), EntityType.PER, 0) for match in NAMES.finditer(text))
    sentence = Sentence(Span(0, len(text)), tokenize(text), 0)
    return resolve_entities(Analysis(Document("d", text), sentences=(sentence,), mentions=mentions))


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ('وصل سالم الجوهري "برقان" أمس.', True),
        ("وصل سالم الجوهري (أبو سامر) أمس.", True),
        ('قال سالم الجوهري "برقان غادر".', False),
        ("وصل سالم الجوهري (برقان) مع نادر برقان.", False),
        ("وصل سالم الجوهري، برقان.", False),
        ("وصل سالم الجوهري (Salem Al Jawhari)، مدير الشركة.", True),
        ("وصل سالم (Salem Al Jawhari) أمس.", True),
        ("وصل سالم الجوهري، Nader.", False),
        ("وصل سالم الجوهري (Nader غادر).", False),
    ],
)
def test_a_nickname_in_quotes_or_brackets_is_of_the_name_before(text: str, together: bool) -> None:
    clusters = [{link.mention for link in entity.links} for entity in entities_of(text)]
    assert any({0, 1} <= found for found in clusters) == together


def test_an_entity_is_called_by_its_arabic_name() -> None:
    (entity,) = entities_of("وصل سالم الجوهري (Salem Al Jawhari)، مدير الشركة.")
    assert entity.name == "سالم الجوهري"
