import pytest

from portal.core.replies import is_stop


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", " Stop! ", "S T O P", "STOP please", "ＳＴＯＰ", "unsubscribe", "Arrêt", "ARRET", "baja", "Parar",
     "dừng", "DUNG", "đừng", "berhenti", "henti", "tumigil", "停止", "退订", "退訂", "หยุด", "إيقاف",
     "توقف", "रोकें", "बंद करें"],
)  # fmt: skip
def test_a_wish_to_stop_in_every_language(text):
    assert is_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "ok thanks",
        "when do I stop paying?",
        "please call",
        "好的",
        "ครับ",
        "نعم",
        "हाँ",
        "1234",
        "🙂",
    ],
)
def test_what_is_none(text):
    assert not is_stop(text)
