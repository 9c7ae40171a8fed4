"""Relations: a list of names counts as one, roles are read in both orders, each word shows its class in its example."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from pipeline.evaluation.gold import parse_annotation
from pipeline.folded import fold_word
from pipeline.lexicon import read_rows
from pipeline.relation_pairs import find_pairs
from pipeline.relation_reader import load_relation_reader
from pipeline.relation_words import word_class
from pipeline.relations import find_relations
from pipeline.schema import Analysis
from pipeline.scorer import load_scorer
from pipeline.training.gold_analysis import as_analysis
from pipeline.training.relations import collect_pairs, print_counts

COUNTRIES = ("سلمان", "أندلة", "دومانيا", "كرفان", "لوبيا", "ميرانيا", "نوفيا")
ALLIANCE = "حلف الوادي"


def analyse(text: str, names: dict[str, str]) -> Analysis:
    """The text with the names as its entities; their ids are the names."""
    kinds = {"p": "PER", "l": "LOC", "o": "ORG"}
    lines = [f"E\t{name.replace(' ', '_')}\t{kinds[kind]}\t{name}" for name, kind in names.items()]
    lines += [f"M\t{name.replace(' ', '_')}\t{name}" for name in names]
    return as_analysis(parse_annotation("d", text, "\n".join(lines)))


def found_in(text: str, names: dict[str, str]) -> set[tuple[str, str, str]]:
    return {(r.kind.value, r.head_entity_id, r.tail_entity_id) for r in find_relations(analyse(text, names))}


@pytest.mark.parametrize("row", list(read_rows("relation_words")), ids=lambda row: row["word"])
def test_each_word_has_its_class_in_its_example(row: dict[str, str]) -> None:
    assert row["group"] in {word_class(fold_word(word)).rstrip("+") for word in row["example"].split()}


@pytest.mark.parametrize(
    "row", [r for r in read_rows("name_edges") if r["group"] == "joining"], ids=lambda r: r["word"]
)
def test_each_joining_word_makes_two_names_a_list_in_its_example(row: dict[str, str]) -> None:
    pairs = list(find_pairs(analyse(row["example"], {"سالم العلي": "p", "هاني البدوي": "p"})))
    assert row["word"] in row["example"].split()
    assert any("lists=same" in feature for pair in pairs for feature in pair.features)


@pytest.mark.parametrize("size", [1, 3, 7])
def test_every_member_of_a_list_is_as_near_to_the_body_as_the_first(size: int) -> None:
    listed = " و".join(COUNTRIES[:size])
    text = f"يضم {ALLIANCE} {listed}."
    names = {ALLIANCE: "o"} | dict.fromkeys(COUNTRIES[:size], "l")
    tails = {pair.head for pair in find_pairs(analyse(text, names)) if pair.tail == "حلف_الوادي"}
    assert tails == set(COUNTRIES[:size])


def test_two_long_lists_give_pairs_by_their_length_not_its_square() -> None:
    def n_pairs(size: int) -> int:
        people, bodies = (
            [f"{stem}{chr(0x0628 + n // 9)}{chr(0x0631 + n % 9)}" for n in range(size)] for stem in ("سالم", "حزب")
        )
        text = f"اجتمع {' و'.join(people)} في {' و'.join(bodies)}."
        return len(list(find_pairs(analyse(text, dict.fromkeys(people, "p") | dict.fromkeys(bodies, "o")))))

    assert n_pairs(40) < 3 * n_pairs(20)


def test_a_person_and_a_place_are_no_pair_for_no_relation_holds_between_them() -> None:
    names = {"سالم العلي": "p", "هاني البدوي": "p", "دومة": "l", "أندلة": "l", ALLIANCE: "o"}
    pairs = find_pairs(analyse(f"التقى سالم العلي هاني البدوي من {ALLIANCE} في دومة وأندلة.", names))
    kinds = {
        frozenset((names.get(pair.head.replace("_", " ")), names.get(pair.tail.replace("_", " ")))) for pair in pairs
    }
    assert kinds == {frozenset("p"), frozenset("l"), frozenset("po"), frozenset("lo")}


def test_the_countries_of_an_alliance_are_its_members() -> None:
    text = f"وتضم مجموعة {ALLIANCE} الدول الأعضاء وهي {'، '.join(COUNTRIES[:4])} و{COUNTRIES[4]}."
    names = {ALLIANCE: "o"} | dict.fromkeys(COUNTRIES[:5], "l")
    members = {("member_of", country, "حلف_الوادي") for country in COUNTRIES[:5]}
    found = found_in(text, names)
    assert found <= members
    assert len(found) >= 4


FAR_TALK = "وهو إطار يهدف منذ أعوام طويلة إلى تعزيز الحوار والتعاون في شؤون المياه والزراعة والنقل والطاقة"


@pytest.mark.parametrize(
    ("telling", "is_near"),
    [("والدول الأعضاء في الحلف هي", True), ("ويضم", True), ("وقد وصلت أمس برقيات من", False)],
)
def test_a_list_far_from_the_body_is_near_where_the_words_say_that_it_comprises_it(telling: str, is_near: bool) -> None:
    text = f"اجتمع {ALLIANCE} {FAR_TALK}، {telling} {'، '.join(COUNTRIES[:3])} و{COUNTRIES[3]}."
    names = {ALLIANCE: "o"} | dict.fromkeys(COUNTRIES[:4], "l")
    heads = {pair.head for pair in find_pairs(analyse(text, names)) if pair.tail == "حلف_الوادي"}
    assert heads == (set(COUNTRIES[:4]) if is_near else set())


@pytest.mark.parametrize(("kin", "is_near"), [("وزوجته", True), ("والطبيبة", False)])
def test_kin_by_a_pronoun_is_near_to_someone_told_long_before(kin: str, is_near: bool) -> None:
    text = f"عاد سامر البدوي من رحلة {FAR_TALK} {kin} سلمى العلي."
    assert bool(list(find_pairs(analyse(text, {"سامر البدوي": "p", "سلمى العلي": "p"})))) == is_near


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("فاز نادي الوادي بهدف عن طريق لاعبه سامر البدوي.", "owned=player++touching=True+inside=0+ORG-PER"),
        ("فاز نادي الوادي بهدف عن طريق لاعبه البديل سامر البدوي.", "owned=player++touching=False+inside=0+ORG-PER"),
        ("فاز نادي الوادي بهدف عن طريق اللاعب سامر البدوي.", None),
    ],
)
def test_whose_player_someone_is_is_told_by_a_pronoun(text: str, expected: str | None) -> None:
    pairs = find_pairs(analyse(text, {"نادي الوادي": "o", "سامر البدوي": "p"}))
    owned = {feature for pair in pairs for feature in pair.features if feature.startswith("owned=")}
    assert expected in owned if expected else not owned


def test_two_places_that_a_comma_parts_are_no_list() -> None:
    pairs = list(find_pairs(analyse("دومة، أندلة: قال شهود إن الحريق انتهى.", {"دومة": "l", "أندلة": "l"})))
    assert not any("lists=same" in feature for pair in pairs for feature in pair.features)


@pytest.mark.parametrize(
    "text",
    ["قال عضو حزب الوادي سامر البدوي إن العمل مستمر.", "قال سامر البدوي، عضو حزب الوادي، إن العمل مستمر."],
)
def test_a_member_is_told_before_and_after_the_body(text: str) -> None:
    assert found_in(text, {"حزب الوادي": "o", "سامر البدوي": "p"}) == {("member_of", "سامر_البدوي", "حزب_الوادي")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قرر سالم العلي تعيين هاني البدوي وزيرا للمالية.", "appoints=between-touching+office=True+PER-PER"),
        ("عين الرئيس سالم العلي هاني البدوي رئيسا للمجلس.", "appoints=before+office=True+PER-PER"),
        ("انتخب سالم العلي هاني البدوي رئيسها الجديد.", "appoints=before+office=False+PER-PER"),
        ("بعث سالم العلي برقية تهنئة إلى هاني البدوي.", None),
        ("قال سالم العلي إن التكلفة مرتفعة فعين. غادر هاني البدوي.", None),
    ],
)
def test_a_word_of_appointing_is_seen_with_the_office_that_it_gives(text: str, expected: str | None) -> None:
    pairs = find_pairs(analyse(text, {"سالم العلي": "p", "هاني البدوي": "p"}))
    found = {feature for pair in pairs for feature in pair.features if feature.startswith("appoints=")}
    assert expected in found if expected else not found


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("احترق مخزن في مدينة دومة المغربية. وقالت المغرب إن الحريق انتهى.", True),
        ("احترق مخزن في مدينة «دومة» المغربية. وقالت المغرب إن الحريق انتهى.", True),
        ("احترق مخزن في العاصمة المغربية دومة. وقالت المغرب إن الحريق انتهى.", True),
        ("احترق مخزن في مدينة دومة الجزائرية. وقالت المغرب إن الحريق انتهى.", False),
        ("احترق مخزن في مدينة دومة القديمة. وقالت المغرب إن الحريق انتهى.", False),
        ("قال الوزير المغربي دومة بعيدة. وقالت المغرب إن الحريق انتهى.", False),
    ],
)
def test_an_adjective_beside_a_place_names_its_country(text: str, named: bool) -> None:
    lines = "E\te1\tLOC\tدومة\nE\te2\tLOC\tالمغرب\tMA\nM\te1\tدومة\nM\te2\tالمغرب"
    pairs = {(pair.head, pair.tail): pair for pair in find_pairs(as_analysis(parse_annotation("d", text, lines)))}
    assert (("e1", "e2") in pairs) == named
    if named:
        evidence = pairs["e1", "e2"].span.of(text)
        assert "دومة" in evidence
        assert "المغربية" in evidence


@pytest.mark.parametrize("word", ["زوجته", "وزوجتها", "أخيه", "شقيقتها", "شقيقهما", "ابنتهما", "نجله", "والدهم"])
def test_kin_with_a_pronoun_is_kin_and_shows_the_pronoun(word: str) -> None:
    assert word_class(fold_word(word)) == "family+"


def test_how_sure_a_relation_must_be_is_set_for_each() -> None:
    analysis = analyse("قال عضو حزب الوادي سامر البدوي إن العمل مستمر.", {"حزب الوادي": "o", "سامر البدوي": "p"})
    shipped, reader = load_scorer("relations"), load_relation_reader()
    strict = replace(shipped, settings={**shipped.settings, "threshold member_of": 1.0})
    other = replace(shipped, settings={**shipped.settings, "threshold located_in": 1.0})
    assert find_relations(analysis, strict, reader) == ()
    assert find_relations(analysis, other, reader) == find_relations(analysis) != ()


def test_names_beside_each_other_are_not_related_for_that() -> None:
    assert found_in("قال سامر البدوي إن شركة الوادي ربحت.", {"سامر البدوي": "p", "شركة الوادي": "o"}) == set()


def test_a_statement_of_the_annotation_becomes_an_example_in_either_order(capsys: pytest.CaptureFixture[str]) -> None:
    annotation = "E\te1\tPER\tسامر\nE\te2\tPER\tهاني\nM\te1\tسامر\nM\te2\tهاني\nREL\tfamily\te2\te1"
    task = collect_pairs([parse_annotation("d", "قال سامر نجل هاني كلمة.", annotation)])
    assert task.answers == ["family>"]
    print_counts(Counter({("family", "right"): 1, ("family", "found"): 1, ("family", "gold"): 3}))
    assert "F1  50.0" in capsys.readouterr().out
