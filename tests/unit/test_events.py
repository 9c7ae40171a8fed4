from hypothesis import given
from hypothesis import strategies as st

from pipeline.events import Link, Report, assign_events, link_reports


def report(meeting_id: str, **changes: object) -> Report:
    values: dict[str, object] = {
        "one": "A",
        "other": "B",
        "doc_id": f"d{meeting_id}",
        "call": False,
        "place": "",
        "wide": False,
        "first": "2021-03-03",
        "last": "2021-03-03",
        "undated": False,
        "published": "2021-03-04",
    }
    return Report(meeting_id=meeting_id, **{**values, **changes})  # type: ignore[arg-type]


def joined(*reports: Report) -> bool:
    return len(list(link_reports(reports))) == len(reports) - 1


def test_same_parties_on_the_same_day_are_one_event() -> None:
    assert joined(report("1"), report("2"))


def test_another_day_is_another_event() -> None:
    assert not joined(report("1"), report("2", first="2021-03-05", last="2021-03-05"))


def test_two_meetings_of_one_document_are_two_events() -> None:
    assert not joined(report("1"), report("2", doc_id="d1"))


def test_a_call_is_no_meeting() -> None:
    assert not joined(report("1"), report("2", call=True))


def test_two_cities_are_two_events_but_a_city_and_a_country_may_be_one() -> None:
    assert not joined(report("1", place="X"), report("2", place="Y"))
    assert joined(report("1", place="X"), report("2", place="Z", wide=True))


def test_a_report_without_a_date_joins_by_the_days_before_its_publication() -> None:
    undated = {"first": None, "last": None, "undated": True}
    assert joined(report("1"), report("2", **undated))
    assert not joined(report("1"), report("2", published="2021-03-20", **undated))


def test_without_any_date_nothing_is_joined() -> None:
    unknown = {"first": None, "last": None, "undated": True, "published": None}
    assert not joined(report("1", **unknown), report("2", **unknown))


def test_a_month_alone_joins_nothing() -> None:
    month = {"first": None, "last": None, "undated": False}
    assert not joined(report("1", **month), report("2", **month))


def test_days_of_undated_reports_do_not_chain_into_one_long_event() -> None:
    undated = {"first": None, "last": None, "undated": True}
    daily = [report(str(day), published=f"2021-03-{day:02}", **undated) for day in range(10, 28)]
    parties = {row.meeting_id: frozenset("AB") for row in daily}
    events = {event for _, event, _ in assign_events(parties, link_reports(daily))}
    assert len(events) >= 4


@given(st.permutations([Link("a", "b", "x"), Link("b", "c", "y"), Link("d", "e", "z")]))
def test_the_order_of_links_changes_nothing(links: list[Link]) -> None:
    parties = dict.fromkeys("abcdef", frozenset("AB"))
    made = list(assign_events(parties, links))
    assert made == list(assign_events(parties, sorted(links, key=lambda link: link.meeting_id)))
    events = [event for _, event, _ in made]
    assert events[0] == events[1] == events[2] != events[3] == events[4] != events[5]


def test_guests_whom_one_host_sees_in_turn_are_two_events_whatever_his_company() -> None:
    company = "host aide clerk"
    first, second = f"{company} guest1 wife1 son1", f"{company} guest2 wife2 son2"
    parties = {key: frozenset(names.split()) for key, names in (("a", first), ("b", first), ("c", second))}
    parties["d"] = frozenset({"host", "guest1"})
    links = [Link("a", "b", "x"), Link("b", "c", "x"), Link("a", "d", "x")]
    event_of = {meeting: event for meeting, event, _ in assign_events(parties, links)}
    assert event_of["a"] == event_of["b"] == event_of["d"] != event_of["c"]
