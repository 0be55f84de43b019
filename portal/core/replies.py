"""What people answer to a text message: whether it is a wish to be left alone."""

import re
import unicodedata

_LATIN = (
    "stop stopall unsubscribe cancel end quit optout remove "  # en
    "alto baja parar pare cancelar detener "  # es, pt
    "arret arrete arreter desabonner "  # fr
    "dung ngung huy tuchoi "  # vi, without marks
    "berhenti henti batal setop "  # id, ms
    "tumigil tigil itigil hinto ihinto"  # fil
)
_OTHER = "停 退订 退訂 取消 หยุด ยกเลิก إيقاف ايقاف توقف الغاء إلغاء रोक रुक बंद"
STOP_WORDS = frozenset(_LATIN.split())
STOP_STARTS = tuple(_OTHER.split())


def is_stop(text: str) -> bool:
    """Tell whether an answer asks to stop, in any of our languages: its first word, or all of it in one.

    Letter case, marks and punctuation do not matter: "Stop!", "ARRÊT", "dừng", "s t o p" and "STOP please" all stop.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    if folded.startswith(STOP_STARTS):
        return True
    plain = unicodedata.normalize("NFD", folded).replace("đ", "d")
    words = re.findall(r"[a-z]+", "".join(char for char in plain if not unicodedata.combining(char)))
    return bool(words) and (words[0] in STOP_WORDS or "".join(words) in STOP_WORDS)
