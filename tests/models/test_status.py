"""The shipped scorer of the status on sentences that no one annotated; the names are invented."""

import pytest

import pipeline

pytestmark = pytest.mark.models


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (
            "cancelled",
            "ألغت الرئاسة التونسية اجتماعا كان سيجمع الرئيس سالم الراوي بوزير الخارجية المصري عادل بن رستم في القاهرة.",
        ),
        ("cancelled", "رفض الرئيس التونسي سالم الراوي الاجتماع مع وزير الخارجية الفرنسي جان مورو."),
        ("cancelled", "رفض الرئيس التونسي سالم الراوي لقاء وزير الخارجية الفرنسي جان مورو."),
        ("denied", "لا صحة لما تردد عن لقاء بين الرئيس التونسي سالم الراوي ووزير الخارجية الفرنسي جان مورو."),
        ("denied", "نفى المتحدث أن يكون الرئيس التونسي سالم الراوي قد التقى وزير الخارجية الفرنسي جان مورو."),
        ("planned", "من المقرر أن يلتقي الرئيس التونسي سالم الراوي وزير الخارجية الفرنسي جان مورو الخميس المقبل."),
        ("held", "نفى الرئيس التونسي سالم الراوي خلال لقائه وزير الخارجية الفرنسي جان مورو وجود أي خلاف."),
        ("held", "التقى الرئيس التونسي سالم الراوي وزير الخارجية الفرنسي جان مورو وبحثا تأجيل المعرض."),
    ],
)
def test_what_is_called_off_or_denied_is_not_told_as_held(status: str, text: str) -> None:
    assert [meeting["status"] for meeting in pipeline.extract(text)["meetings"]] == [status]
