"""Entities across documents: the pairs of ``tests/gold/registry_pairs.tsv``, the user's file, the laws of merging."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.gazetteer import find_country, known_ids
from pipeline.normalize import fold
from pipeline.registry import Profile, build_registry
from pipeline.registry_links import blocks
from pipeline.registry_score import Node
from pipeline.schema import EntityType

PAIRS = Path(__file__).parents[1] / "gold" / "registry_pairs.tsv"


def profile(name: str, kind: str = "PER", offices: str = "", near: str = "", tag: str = "", n: int = 1) -> Profile:
    """A name as one document tells it; ``offices`` is ``title:ISO`` joined by ``|``."""
    country = find_country(name) if kind == "LOC" else None
    item = known_ids(EntityType(kind).value).get(fold(name), "") if kind != "PER" or " " in name else ""
    return Profile(
        f"{kind}-{name}-{offices}-{near}-{tag}",
        kind,
        name,
        fold(name),
        country.iso if country else "",
        (country.wikidata_id or "") if country else item,
        ((name, 1),),
        tuple(sorted((part.partition(":")[0], part.partition(":")[2]) for part in offices.split("|") if part)),
        tuple(fold(other) for other in near.split("|") if other),
        n,
        n,
        "",
        "",
    )


def ids(profiles: Sequence[Profile], rules: Path | None = None) -> dict[str, str]:
    """Profile id to entity id; each local name is its own."""
    made = build_registry(profiles, rules=rules)
    return {a.profile_id: a.entity_id + (a.profile_id if a.local else "") for a in made.assignments}


def judge(row: dict[str, str]) -> bool:
    one = profile(row["name_a"], row["type"], row["offices_a"], row["near_a"], "a")
    other = profile(row["name_b"], row["type"], row["offices_b"], row["near_b"], "b")
    found = ids([one, other])
    return found[one.profile_id] == found[other.profile_id]


def test_the_pairs_are_judged_with_few_false_merges() -> None:
    """At least 97 % of the merges are right, and 80 % of what is one is found to be."""
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    judged = [(row["same"] == "1", judge(row)) for row in rows]
    right = sum(same and merged for same, merged in judged)
    assert len(rows) >= 300
    assert right / sum(merged for _, merged in judged) >= 0.97
    assert right / sum(same for same, _ in judged) >= 0.80


def test_the_order_of_profiles_never_matters() -> None:
    names = ["سالم الجوهري", "سالم بن راشد الجوهري", "راشد الجوهري", "كارلو بيرانتي", "كارلو بيرنتي", "الجوهري"]
    profiles = [profile(name, offices="وزير:OM", near="مسقط|لينا صافي") for name in names]
    first = build_registry(profiles)
    for seed in range(5):
        shuffled = random.Random(seed).sample(profiles, len(profiles))  # noqa: S311 -- an order, not a secret
        assert build_registry(shuffled) == first


def test_every_profile_gets_one_entity() -> None:
    profiles = [profile("سالم الجوهري"), profile("شركة نورديا", "ORG"), profile("تركيا", "LOC")]
    assert sorted(ids(profiles)) == sorted(p.profile_id for p in profiles)


def test_a_merge_tells_its_reason_and_score() -> None:
    made = build_registry([profile("كارلو بيرانتي"), profile("كارلو بيرنتي")])
    (merge,) = made.merges
    assert "spelling" in merge.reason
    assert 0.5 <= merge.score <= 1


def rules_file(folder: Path, *lines: str) -> Path:
    path = folder / "registry.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_user_keeps_names_apart_and_undoes_it_by_deleting_the_line(tmp_path: Path) -> None:
    pair = [profile("كارلو بيرانتي"), profile("كارلو بيرنتي")]
    apart = rules_file(tmp_path, "# my rules", "apart\tكارلو بيرانتي\tكارلو بيرنتي")
    assert len(set(ids(pair, apart).values())) == 2
    assert len(set(ids(pair, rules_file(tmp_path, "# my rules")).values())) == 1


def test_names_stay_apart_by_way_of_a_third_too(tmp_path: Path) -> None:
    names = ["كارلو بيرانتي", "كارلو بيرنتي", "كارلو بيرانتى"]
    apart = rules_file(tmp_path, "apart\tكارلو بيرانتي\tكارلو بيرنتي")
    found = ids([profile(name, tag=str(n)) for n, name in enumerate(names)], apart)
    assert len(set(found.values())) == 2


def test_the_user_joins_names_and_chooses_the_one_to_show(tmp_path: Path) -> None:
    pair = [profile("أبو سامر الحلاق"), profile("نادر الصافي", offices="وزير:OM")]
    made = build_registry(pair, rules=rules_file(tmp_path, "alias\tأبو سامر الحلاق\tنادر الصافي"))
    assert {a.name for a in made.assignments} == {"نادر الصافي"}
    assert len({a.entity_id for a in made.assignments}) == 1


@pytest.mark.parametrize(
    "line", ["merge\tسالم", "join\tسالم\tراشد", "apart\tسالم\tراشد\tDOG", "merge\tسالم\tراشد\napart\tراشد\tسالم"]
)
def test_a_bad_rule_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=r"registry\.tsv"):
        build_registry([], rules=rules_file(tmp_path, line))


def test_a_rule_of_names_that_are_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    pair = [profile("أبو سامر الحلاق"), profile("نادر الصافي")]
    rules = ["# mine", "merge\tنادر الصافي\tنادر الصافى الكبير", "apart\tنادر الصافي\tأبو سامر الحلاق\tORG"]
    rules += ["alias\tنادر\tنادر الصافي", "alias\tأَبو سامر الحلاق\tأبو سامر", "apart\tنادر الصافي\tأبو سامر الحلاق"]
    assert build_registry(pair, rules=rules_file(tmp_path, *rules)).unmatched == (
        "line 2: no name نادر الصافى الكبير",
        "line 3: no name نادر الصافي of type ORG",
        "line 3: no name أبو سامر الحلاق of type ORG",
        "line 4: no name نادر",
    )


def test_a_rule_that_joins_nothing_is_told_with_its_line(tmp_path: Path) -> None:
    there = [profile(name) for name in ("أبو سامر الحلاق", "نادر الصافي", "كنعان البرهومي")]
    there.append(profile("نادي الشروق", "ORG"))
    rules = ["merge\tأبو سامر الحلاق\tنادر الصافي", "merge\tنادر الصافي\tكنعان البرهومي"]
    rules += ["apart\tأبو سامر الحلاق\tكنعان البرهومي", "alias\tنادي الشروق\tنادر الصافي"]
    assert build_registry(there, rules=rules_file(tmp_path, *rules)).unmatched == (
        "line 2: نادر الصافي and كنعان البرهومي are kept apart by other lines",
        "line 4: نادي الشروق and نادر الصافي are never of one type",
    )


def test_two_entities_of_one_document_are_never_merged() -> None:
    pair = [profile("كارلو بيرانتي"), profile("كارلو بيرنتي")]
    made = build_registry(pair, together=lambda _, pairs: set(pairs))
    assert len({a.entity_id for a in made.assignments}) == 2


def test_a_bare_family_name_stays_its_documents_own_when_two_bear_it() -> None:
    bearers = [profile("سالم الجوهري", offices="وزير:OM"), profile("راشد الجوهري", offices="وزير:OM")]
    bare = profile("الجوهري", offices="وزير:OM")
    made = build_registry([*bearers, bare])
    assert next(a for a in made.assignments if a.profile_id == bare.profile_id).local


def test_homonyms_in_office_of_two_countries_stay_apart() -> None:
    same = profile("سالم الجوهري", offices="وزير:OM")
    other = replace(same, profile_id="other", positions=(("وزير", "YE"),))
    assert len(set(ids([same, other]).values())) == 2


def test_a_short_name_that_fits_two_people_joins_neither_to_the_other() -> None:
    names = ["سالم الجوهري", "سالم بن راشد الجوهري", "سالم بن كنعان الجوهري"]
    found = ids([profile(name, offices="مدير:") for name in names])
    assert len(set(found.values())) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("راشد العامري", "راشد العمري"),
        ("راشد النويصر", "راشد بن ناصر الجوهري"),
        ("كنعان السلامة", "كنعان السلمي"),
        ("كنعان السعودي", "كنعان سعود"),
        ("نور الدين", "نور الدين الجوهري"),
    ],
)
def test_native_names_that_look_alike_are_different(one: str, other: str) -> None:
    first, second = (profile(name, offices="مدير:") for name in (one, other))
    found = ids([first, second])
    assert found[first.profile_id] != found[second.profile_id]


@pytest.mark.parametrize(
    ("one", "other"), [("المنصورية", "المناصرية"), ("الراشدية", "الرشيدية"), ("زامرة", "الزامرية")]
)
def test_native_places_that_differ_in_a_long_vowel_are_different(one: str, other: str) -> None:
    found = ids([profile(name, kind="LOC") for name in (one, other)])
    assert len(set(found.values())) == 2


def test_a_rank_behind_a_given_name_tells_no_more_than_the_name() -> None:
    found = ids([profile("سالم باشا", offices=""), profile("سالم راشد باشا", offices="")])
    assert len(set(found.values())) == 2


@pytest.mark.parametrize("kind", ["LOC", "ORG"])
def test_names_of_one_word_share_no_block_for_being_of_one_word(kind: str) -> None:
    names = ["زخرستان", "كوفلدار", "مندبور"]
    nodes = [Node((name, "", "", ""), kind, name, name, (name,), "", "") for name in names]
    assert not [block for block in blocks(nodes) if len(block) > 1]


def test_a_registry_file_that_cannot_be_read_is_told_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.tsv: cannot be read \(No such file or directory\); give"):
        build_registry([], rules=tmp_path / "none.tsv")
    (tmp_path / "old.tsv").write_bytes("alias\tسامر\tسامر".encode("cp1256"))
    with pytest.raises(ConfigError, match=r"old\.tsv: not UTF-8 \(byte 6\); save"):
        build_registry([], rules=tmp_path / "old.tsv")
