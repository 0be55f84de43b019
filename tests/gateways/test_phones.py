import phonenumbers
import pytest

from portal.gateways.phones import COUNTRIES, normalize_phone


@pytest.mark.parametrize(
    ("text", "country", "wanted"),
    [
        ("+66 81 234 5678", "TH", "+66812345678"),
        ("081-234-5678", "TH", "+66812345678"),
        ("(201) 555-0123", "US", "+12015550123"),
        ("+12015550123", "TH", "+12015550123"),
        ("02 1234 5678", "IT", "+390212345678"),
        ("12", "US", None),
        ("+999123456789", "US", None),
        ("", "US", None),
        ("call me", "US", None),
        ("+1 201 555 0123 ext. 5", "US", None),
        ("٠٨١٢٣٤٥٦٧٨", "TH", "+66812345678"),
    ],
)
def test_numbers_are_read_as_people_of_the_country_write_them(text, country, wanted):
    assert normalize_phone(text, country) == wanted


def test_the_quick_way_gives_what_the_long_way_gives():
    for region in sorted(COUNTRIES):
        example = phonenumbers.example_number(region)
        if example:
            written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            read = phonenumbers.parse(written, region)
            wanted = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
            assert normalize_phone(written, region) == wanted
