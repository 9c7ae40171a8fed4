"""Invented articles, what can happen to them on the way, and a tagger that labels at random but always alike."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from pipeline.tagging import Prediction

SENTENCES = (
    "التقى الرئيس السوداني سامي حداد، اليوم الأحد، نظيره المصري كريم الراوي في القاهرة.",
    "وقال المتحدث باسم وزارة الخارجية المصرية عادل النوري إن اللقاء تناول العلاقات الثنائية.",
    "أجرى رئيس الوزراء العراقي د. نبيل الصاوي اتصالا هاتفيا مع وزير خارجية فرنسا لوك مارتان يوم 12 مارس 2024.",
    'ونفى حداد أن يكون قد اجتمع مع وفد من «حزب النور»، مضيفا: "لم نلتق أحدا منهم."',
    "من المقرر أن يزور الراوي عمّان يوم الثلاثاء المقبل للقاء الملك، وفق ما ذكرته وكالة الأنباء.",
    "ألغيت القمة التي كانت ستجمعهما في جنيف في 3 أيلول/سبتمبر الماضي.",
    "عُيّن أ. م. الصاوي رئيسا لشركة النيل، وهو شقيق الوزير السابق فؤاد الصاوي.",
    "وحضر الاجتماع وزيرا الدفاع والداخلية، وبلغت نسبة المشاركة ٣٫٥% بحسب الأمم المتحدة.",
    "فاز فريق السواحل على ضيفه نادي الواحة 2-1 في المباراة.",
    "دبي (رويترز) - وصل إلى مسقط، التي تقع في سلطنة عمان، وفد يرأسه نائب الرئيس.",
)
LINES = (
    "المصدر: وكالات",
    "اقرأ أيضا:",
    "روابط ذات علاقة",
    "آخر تحديث: السبت, 5 سبتمبر/ أيلول, 2009, 20:53 GMT",
    " date 2025-12-21 ",
)
ODD = (
    "\u0640\u064b\u0651\u0654\u200f\u202e\u2066\u200c\ufeff\u00a0\x00\x1b\u2028ﷺﻻ"
    "«»\"'()[]{}،؛؟!.…:/|-_=*#@%&<>\\\t\r\n٣7Zé😀中אҙ"
)


def article(rng: random.Random) -> str:
    """A title, perhaps lines of furniture, and a few sentences."""
    chosen = rng.sample(SENTENCES, rng.choice((1, 1, 2, 2, 3)))
    if rng.random() < 0.4:
        chosen.insert(rng.randint(0, len(chosen)), rng.choice(LINES))
    return rng.choice(("\n", "\r\n", " ", "\n\n", "    ")).join(chosen)


def names(n_names: int) -> list[str]:
    """Distinct words that sound like names."""
    letters = "بتجدرسعفقكلمنهي"
    return [
        f"{letters[i % 15]}ا{letters[i // 15 % 15]}ي{letters[i // 225 % 15]}و{letters[i // 3375 % 15]}"
        for i in range(n_names)
    ]


def mutate(text: str, rng: random.Random) -> str:
    """``text`` with one to six accidents."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(text) + 1)
        stretch = text[at : at + rng.randint(0, 40)]
        text = rng.choice(
            (
                text[:at] + rng.choice(ODD) * rng.choice((1, 1, 2, 9)) + text[at:],
                text[:at] + text[at + len(stretch) :],
                text[:at] + stretch * rng.choice((2, 3)) + text[at:],
                text.replace(" ", rng.choice(("\u00a0", "  ", "\t", " و", "_")), rng.randint(1, 9)),
                text.replace(
                    rng.choice((".", "،", "ا", "\n", "ال")), rng.choice(("", " ", "\u0640")), rng.randint(1, 5)
                ),
                text[at:] + text[:at],
                "\u202e" + text,
            )
        )
    return text


def corrupt(text: str, rng: random.Random) -> bytes:
    """The bytes of ``text`` in some encoding, some of them damaged."""
    raw = bytearray(text.encode(rng.choice(("utf-8", "utf-8", "cp1256", "iso8859_6", "utf-16")), "replace"))
    for _ in range(rng.choice((0, 0, 1, 3))):
        raw[rng.randrange(len(raw)) if raw else 0 : 0] = bytes([rng.randrange(256)])
    return bytes(raw[: rng.choice((len(raw), len(raw), len(raw) // 2))])


class ChanceTagger:
    """Labels by a checksum of the word and its neighbour: unlike any language, but the same every time."""

    name = "chance"
    _LABELS = ("O", "O", "O", "O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "I-PER")

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """One label a word."""
        return [self._label(words) for words in sentences]

    def _label(self, words: Sequence[str]) -> Prediction:
        sums = [zlib.crc32((before + word).encode()) for before, word in zip(["", *words], words, strict=False)]
        labels = tuple(self._LABELS[value % len(self._LABELS)] for value in sums)
        return Prediction(labels, tuple(value % 97 / 97 for value in sums))
