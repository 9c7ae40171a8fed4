"""Invented names of persons, places and bodies, some of them hostile, for the tables of :mod:`tests.report_corpus`."""

from __future__ import annotations

import random

FIRST = (
    "نادر",
    "سلمى",
    "زياد",
    "هالة",
    "مروان",
    "ريم",
    "طارق",
    "لينا",
    "أنور",
    "دانة",
    "فراس",
    "وداد",
    "إياد",
    "سهى",
    "باسل",
    "جمانة",
)
LAST = (
    "الوادعي",
    "البرقاني",
    "الصفراوي",
    "الدلتاني",
    "المرجاني",
    "الحورلي",
    "القصباوي",
    "الزنبقي",
    "السروجي",
    "الياقوتي",
    "الخزامي",
    "العقيقي",
)
PLACES = (
    "مدينة الرمان",
    "دلتاوة",
    "ميناء السلوى",
    "برقانيا",
    "وادي الزعفران",
    "جزيرة المرجان",
    "تلال الفيروز",
    "قصبة النور",
)
BODIES = (
    "اتحاد البحيرات",
    "مجلس السهول",
    "منظمة القوافل",
    "وزارة الموانئ",
    "بنك الواحات",
    "هيئة المنارات",
    "رابطة الجسور",
    "شركة النخيل",
)
HOSTILE = (
    "<script>globalThis.hacked=1</script> نادر",
    "سلمى \u202eedoc\u202c العكسية",
    '"><img src=x onerror=alert(1)> زياد',
)


def invented_names(count: int, chance: random.Random, hostile: bool) -> dict[str, tuple[str, str]]:
    """Entity ids to (type, name)."""
    found: dict[str, tuple[str, str]] = {}
    for n in range(count):
        if n < 8:
            kind, name = "LOC", PLACES[n]
        elif n < 16:
            kind, name = "ORG", BODIES[n - 8]
        elif hostile and n < 19:
            kind, name = "PER", HOSTILE[n - 16]
        else:
            kind = "PER" if n % 5 else ("ORG", "LOC")[n // 5 % 2]
            first, last = FIRST[n % 16], LAST[n // 16 % 12]
            middle = " " + chance.choice(FIRST) if n >= 16 * 12 else ""
            lead = {"PER": "", "ORG": "مؤسسة ", "LOC": "بلدة "}[kind]
            name = f"{lead}{first}{middle} {last}" + (f" {n}" if n >= 600 else "")
        found[f"E{n:05d}"] = (kind, name)
    return found
