"""The demo's guests: an agency of counselors, and a training provider with two courses."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from portal.store import guests
from portal.store.work import Database

COUNSELOR = "counselor@stepforward.example"
TRAINER = "trainer@skillbridge.example"
PROVIDER = "skillbridge"
COURSES: tuple[Mapping[str, Any], ...] = (
    {
        "course_ref": "digital-office",
        "titles": {
            "en": "Digital office skills",
            "es": "Informática para la oficina",
            "th": "ทักษะดิจิทัลในสำนักงาน",
            "ar": "مهارات المكتب الرقمية",
            "zh-Hans": "数字办公技能",
        },
        "details": {"months": 3, "hours": 60, "place": "online", "cost_minor": 0, "seats": 40},
        "languages": ["en", "es", "th", "ar", "zh-Hans"],
    },
    {
        "course_ref": "care-assistant",
        "titles": {
            "en": "Care assistant, first certificate",
            "es": "Auxiliar de cuidados, primer certificado",
            "th": "ผู้ช่วยดูแล ประกาศนียบัตรขั้นต้น",
            "ar": "مساعد رعاية، الشهادة الأولى",
            "zh-Hans": "护理助理初级证书",
        },
        "details": {"months": 4, "hours": 96, "place": "online and local", "cost_minor": 0, "seats": 24},
        "languages": ["en", "es", "th", "ar", "zh-Hans"],
    },
)


def welcome_guests(
    database: Database,
    *,
    password_hash: str,
    totp_of: Callable[[str], str],
    training_secret: str,
    now: datetime,
) -> None:
    """Create the agency, the provider, its courses and one sign-in for each."""
    with database.shared().begin() as tx:
        agency_id = guests.save_agency(tx, name="Step Forward Money Advice", country="GB", now=now)
        provider_id = guests.save_provider(
            tx, slug=PROVIDER, name="SkillBridge", webhook_secret=training_secret, now=now
        )
        for course in COURSES:
            guests.save_course(tx, provider_id=provider_id, countries=["*"], now=now, **course)
        for audience, house_id, login, name in (
            ("counselor", agency_id, COUNSELOR, "Robin Hale"),
            ("trainer", provider_id, TRAINER, "Sam Okafor"),
        ):
            guests.save_guest(
                tx,
                audience=audience,
                house_id=house_id,
                login=login,
                display_name=name,
                password_hash=password_hash,
                totp_secret=totp_of(login),
                now=now,
            )
