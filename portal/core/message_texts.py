"""The reviewed texts of messages, by template and language. A language is added here as a row.

No text names a debt, an amount or a product. GSM-7 languages are written without the accented letters that would
turn a message into UCS-2 (á í ó ú ã õ â ê ç). `%(sender)s` brings its own colon and space, or nothing.
"""

# ruff: noqa: E501 - a text stays on its line
from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "link_first": {
            "en": "%(sender)sYou have a private message. Your word: %(word)s. Open %(link)s %(phone)sReply STOP to stop.",
            "zh-Hans": "%(sender)s您有一条私人消息。核对词：%(word)s。请打开 %(link)s %(phone)s退订回复STOP",
            "zh-Hant": "%(sender)s您有一則私人訊息。核對詞：%(word)s。請開啟 %(link)s %(phone)s停止請回覆STOP",
            "es": "%(sender)sUsted tiene un mensaje privado. Su palabra: %(word)s. Abra %(link)s %(phone)sPara no recibir: STOP",
            "pt-BR": "%(sender)sVoce tem uma mensagem privada. Sua palavra: %(word)s. Abra %(link)s %(phone)sPara parar: STOP",
            "th": "%(sender)sคุณมีข้อความส่วนตัว คำยืนยัน: %(word)s เปิด %(link)s %(phone)sหยุดรับ ตอบ STOP",
            "vi": "%(sender)sBan co mot tin nhan rieng. Tu xac nhan: %(word)s. Mo %(link)s %(phone)sDe dung: STOP",
            "id": "%(sender)sAda pesan pribadi untuk Anda. Kata Anda: %(word)s. Buka %(link)s %(phone)sBerhenti: STOP",
            "ms": "%(sender)sAda mesej peribadi untuk anda. Kata anda: %(word)s. Buka %(link)s %(phone)sHenti: STOP",
            "fil": "%(sender)sMay pribadong mensahe kayo. Salita: %(word)s. Buksan %(link)s %(phone)sPara tumigil: STOP",
            "fr": "%(sender)sVous avez un message personnel. Votre mot : %(word)s. Ouvrez %(link)s %(phone)sPour ne plus recevoir : STOP",
            "ar": "%(sender)sلديك رسالة خاصة. كلمة التحقق: %(word)s. للفتح %(link)s %(phone)sللإيقاف STOP",
            "hi": "%(sender)sआपके लिए निजी संदेश। शब्द: %(word)s. खोलें %(link)s %(phone)sरोकने के लिए STOP",
        },
        "plan_upcoming": {
            "en": "%(sender)sA date that you chose is near. Your word: %(word)s. Open %(link)s %(phone)sReply STOP to stop.",
            "zh-Hans": "%(sender)s您选定的日期快到了。核对词：%(word)s。请打开 %(link)s %(phone)s退订回复STOP",
            "zh-Hant": "%(sender)s您選定的日期快到了。核對詞：%(word)s。請開啟 %(link)s %(phone)s停止請回覆STOP",
            "es": "%(sender)sSe acerca una fecha que usted eligio. Su palabra: %(word)s. Abra %(link)s %(phone)sPara no recibir: STOP",
            "pt-BR": "%(sender)sUma data que voce escolheu esta perto. Sua palavra: %(word)s. Abra %(link)s %(phone)sPara parar: STOP",
            "th": "%(sender)sใกล้ถึงวันที่คุณเลือกไว้แล้ว คำยืนยัน: %(word)s เปิด %(link)s %(phone)sหยุดรับ ตอบ STOP",
            "vi": "%(sender)sSap den ngay ban da chon. Tu xac nhan: %(word)s. Mo %(link)s %(phone)sDe dung: STOP",
            "id": "%(sender)sTanggal pilihan Anda sudah dekat. Kata Anda: %(word)s. Buka %(link)s %(phone)sBerhenti: STOP",
            "ms": "%(sender)sTarikh pilihan anda sudah dekat. Kata anda: %(word)s. Buka %(link)s %(phone)sHenti: STOP",
            "fil": "%(sender)sMalapit na ang petsang pinili ninyo. Salita: %(word)s. Buksan %(link)s %(phone)sPara tumigil: STOP",
            "fr": "%(sender)sUne date que vous avez choisie approche. Votre mot : %(word)s. Ouvrez %(link)s %(phone)sPour ne plus recevoir : STOP",
            "ar": "%(sender)sاقترب موعد اخترته. كلمة التحقق: %(word)s. للفتح %(link)s %(phone)sللإيقاف STOP",
            "hi": "%(sender)sआपकी चुनी तारीख पास है। शब्द: %(word)s. खोलें %(link)s %(phone)sरोकने के लिए STOP",
        },
        "plan_late": {
            "en": "%(sender)sA date has passed. You have choices. Your word: %(word)s. Open %(link)s %(phone)sReply STOP to stop.",
            "zh-Hans": "%(sender)s有一个日期已过，您可以选择下一步。核对词：%(word)s。请打开 %(link)s %(phone)s退订回复STOP",
            "zh-Hant": "%(sender)s有一個日期已過，您可以選擇下一步。核對詞：%(word)s。請開啟 %(link)s %(phone)s停止請回覆STOP",
            "es": "%(sender)sPaso una fecha. Usted puede elegir como seguir. Su palabra: %(word)s. Abra %(link)s %(phone)sPara no recibir: STOP",
            "pt-BR": "%(sender)sUma data passou. Voce pode escolher como seguir. Sua palavra: %(word)s. Abra %(link)s %(phone)sPara parar: STOP",
            "th": "%(sender)sเลยวันแล้ว ยังมีทางเลือก คำยืนยัน: %(word)s เปิด %(link)s %(phone)sหยุดรับ ตอบ STOP",
            "vi": "%(sender)sMot ngay da qua. Ban co the chon buoc tiep theo. Tu xac nhan: %(word)s. Mo %(link)s %(phone)sDe dung: STOP",
            "id": "%(sender)sSatu tanggal telah lewat. Ada pilihan. Kata Anda: %(word)s. Buka %(link)s %(phone)sBerhenti: STOP",
            "ms": "%(sender)sSatu tarikh telah berlalu. Anda boleh pilih langkah seterusnya. Kata anda: %(word)s. Buka %(link)s %(phone)sHenti: STOP",
            "fil": "%(sender)sMay petsang lumipas. Makakapili kayo ng susunod. Salita: %(word)s. Buksan %(link)s %(phone)sPara tumigil: STOP",
            "fr": "%(sender)sUne date est passée. Vous avez le choix. Votre mot : %(word)s. Ouvrez %(link)s %(phone)sPour ne plus recevoir : STOP",
            "ar": "%(sender)sمضى موعد، ولديك خيارات. كلمة التحقق: %(word)s. للفتح %(link)s %(phone)sللإيقاف STOP",
            "hi": "%(sender)sतारीख निकल गई। विकल्प हैं। शब्द: %(word)s. खोलें %(link)s %(phone)sरोकने के लिए STOP",
        },
        "link_renewed": {
            "en": "%(sender)sHere is your new link. Your word: %(word)s. Open %(link)s %(phone)sReply STOP to stop.",
            "zh-Hans": "%(sender)s这是您的新链接。核对词：%(word)s。请打开 %(link)s %(phone)s退订回复STOP",
            "zh-Hant": "%(sender)s這是您的新連結。核對詞：%(word)s。請開啟 %(link)s %(phone)s停止請回覆STOP",
            "es": "%(sender)sEste es su nuevo enlace. Su palabra: %(word)s. Abra %(link)s %(phone)sPara no recibir: STOP",
            "pt-BR": "%(sender)sEste e o seu novo link. Sua palavra: %(word)s. Abra %(link)s %(phone)sPara parar: STOP",
            "th": "%(sender)sนี่คือลิงก์ใหม่ของคุณ คำยืนยัน: %(word)s เปิด %(link)s %(phone)sหยุดรับ ตอบ STOP",
            "vi": "%(sender)sDay la lien ket moi cua ban. Tu xac nhan: %(word)s. Mo %(link)s %(phone)sDe dung: STOP",
            "id": "%(sender)sIni tautan baru Anda. Kata Anda: %(word)s. Buka %(link)s %(phone)sBerhenti: STOP",
            "ms": "%(sender)sIni pautan baharu anda. Kata anda: %(word)s. Buka %(link)s %(phone)sHenti: STOP",
            "fil": "%(sender)sIto ang bagong link ninyo. Salita: %(word)s. Buksan %(link)s %(phone)sPara tumigil: STOP",
            "fr": "%(sender)sVoici votre nouveau lien. Votre mot : %(word)s. Ouvrez %(link)s %(phone)sPour ne plus recevoir : STOP",
            "ar": "%(sender)sهذا رابطك الجديد. كلمة التحقق: %(word)s. للفتح %(link)s %(phone)sللإيقاف STOP",
            "hi": "%(sender)sयह आपका नया लिंक है। शब्द: %(word)s. खोलें %(link)s %(phone)sरोकने के लिए STOP",
        },
        "code": {
            "en": "%(sender)sYour code is %(code)s. It works for 10 minutes. Never tell it to anybody.\n@%(host)s #%(code)s",
            "zh-Hans": "%(sender)s您的验证码是 %(code)s，10分钟内有效。请勿告诉任何人。\n@%(host)s #%(code)s",
            "zh-Hant": "%(sender)s您的驗證碼是 %(code)s，10分鐘內有效。請勿告訴任何人。\n@%(host)s #%(code)s",
            "es": "%(sender)sSu clave es %(code)s. Sirve por 10 minutos. No la diga a nadie.\n@%(host)s #%(code)s",
            "pt-BR": "%(sender)sSeu numero de acesso: %(code)s. Vale 10 minutos. Nunca o informe a outra pessoa.\n@%(host)s #%(code)s",
            "th": "%(sender)sรหัสของคุณคือ %(code)s ใช้ได้ 10 นาที อย่าบอกใคร\n@%(host)s #%(code)s",
            "vi": "%(sender)sMa cua ban la %(code)s. Co hieu luc 10 phut. Khong noi cho ai.\n@%(host)s #%(code)s",
            "id": "%(sender)sKode Anda %(code)s. Berlaku 10 menit. Jangan beri tahu siapa pun.\n@%(host)s #%(code)s",
            "ms": "%(sender)sKod anda %(code)s. Sah 10 minit. Jangan beritahu sesiapa.\n@%(host)s #%(code)s",
            "fil": "%(sender)sAng code ninyo ay %(code)s. Gumagana ito nang 10 minuto. Huwag sabihin kaninuman.\n@%(host)s #%(code)s",
            "fr": "%(sender)sVotre code est %(code)s. Il est valable 10 minutes. Ne le dites à personne.\n@%(host)s #%(code)s",
            "ar": "%(sender)sرمزك هو %(code)s وهو صالح 10 دقائق. لا تخبر به أحدا.\n@%(host)s #%(code)s",
            "hi": "%(sender)sआपका कोड %(code)s है। यह 10 मिनट चलेगा। किसी को न बताएँ।\n@%(host)s #%(code)s",
        },
    }
)

_LATIN = (
    "debt owe owing collect recover loan lend credit arrear overdue mortgage repay "  # en
    "deuda deudor cobra cobro crédito credito préstamo prestamo moroso "  # es
    "dívida divida dividas empréstimo emprestimo cobrança "  # pt
    "utang hutang pinjaman kredit penagih tagih tunggak "  # id, ms
    "pautang singil "  # fil
    "dette recouvre crédit prêt impay "  # fr
    "inkasso schuld darlehen kredit"  # de
)
_OTHER = (
    "债 債 欠款 催收 贷款 貸款 逾期 信用 หนี้ เงินกู้ สินเชื่อ ทวง ديون دين قرض تحصيل ائتمان कर्ज ऋण उधार बकाया वसूली"
)
WORD_STARTS: frozenset[str] = frozenset(_LATIN.split())
"""Beginnings of words that would tell a bystander what a message is about, in languages that part their words."""
PIECES: frozenset[str] = frozenset(_OTHER.split())
"""Pieces of text that would tell, in scripts where words run together."""
