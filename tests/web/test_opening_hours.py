import pytest

from portal.web.opening_hours import hours_text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Mo-Fr 8:00-18:00", "Monday to Friday, 8:00\u202fAM to 6:00\u202fPM"),
        ("Sa 9:00-12:00", "Saturday, 9:00\u202fAM to 12:00\u202fPM"),
        (
            "Mo-Th 8:00-18:00; Fr 8:00-12:00,13:00-16:00",
            "Friday, 8:00\u202fAM to 12:00\u202fPM and 1:00\u202fPM",
        ),
        ("Monday to Saturday, 9 to 6", "Monday to Saturday, 9 to 6"),
        ("Mo-Fr 8:00-25:00", "Mo-Fr 8:00-25:00"),
        ("", ""),
    ],
)
def test_hours_are_said_in_words_and_kept_where_they_cannot_be_read(app, written, said):
    with app.test_request_context("/"):
        assert said in hours_text(written)


@pytest.mark.parametrize("language", ["es", "th", "ar", "zh-Hans"])
def test_no_language_shows_the_short_form(app, language):
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert "Mo-Fr" not in hours_text("Mo-Fr 8:00-18:00")
