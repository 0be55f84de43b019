from datetime import UTC, date, datetime

from portal.core.life.calendar_file import Entry, calendar_file

NOW = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)


def made(*entries, summary="A date, of yours; 日期"):
    return calendar_file(
        entries,
        title="My dates",
        summary=summary,
        url="https://pay.example/come-back",
        host="pay.example",
        now=NOW,
    )


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_each_entry_is_a_whole_day_with_a_name_that_stays():
    lines = unfolded(made(Entry(uid="agr_1-2", on=date(2027, 2, 28), sequence=3)))
    assert "UID:agr_1-2@pay.example" in lines
    assert "DTSTART;VALUE=DATE:20270228" in lines
    assert "DTEND;VALUE=DATE:20270301" in lines
    assert "SEQUENCE:3" in lines
    assert "DTSTAMP:20270102T030405Z" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1


def test_texts_are_escaped_and_lines_are_folded_by_octets():
    text = made(Entry(uid="a", on=date(2027, 1, 1), sequence=0), summary="日期, " * 40)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "SUMMARY:" + "日期\\, " * 40 in unfolded(text)
    assert made(summary="x\nX-EVIL:1").count("X-EVIL") == 0 or "\r\nX-EVIL" not in made(summary="x\nX-EVIL:1")


def test_no_dates_is_an_empty_calendar():
    assert "BEGIN:VEVENT" not in made()
    assert made().endswith("END:VCALENDAR\r\n")
