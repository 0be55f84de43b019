"""The security word that stands in the message and on the first page, so that a debtor can compare them.

Neutral, short, easy to say and to spell; nothing about money, guilt, food taboos, religion or death.
"""

_WORDS = {
    "en": "lantern river pebble maple button feather window garden cloud teapot meadow anchor basket candle violin "
    "bridge marble saddle ribbon walnut harbor island kettle ladder mirror orchard pillow planet rocket scarf "
    "spring summit thimble tulip umbrella valley willow acorn brush cedar",
    "es": "linterna río piedra arce botón pluma ventana jardín nube tetera pradera ancla cesta vela violín puente "
    "canica cinta nuez puerto isla tetera escalera espejo huerto almohada planeta cohete bufanda cumbre dedal "
    "tulipán paraguas valle sauce bellota pincel cedro farol campana",
    "th": "โคมไฟ แม่น้ำ ก้อนกรวด ต้นไผ่ กระดุม ขนนก หน้าต่าง สวน ก้อนเมฆ กาน้ำชา ทุ่งหญ้า สมอเรือ ตะกร้า เทียน สะพาน ริบบิ้น "
    "ท่าเรือ เกาะ บันได กระจก หมอน ดาว จรวด ผ้าพันคอ ภูเขา ร่ม หุบเขา พู่กัน ใบไม้ ระฆัง",
    "ar": "فانوس نهر حصاة زر ريشة نافذة حديقة غيمة إبريق مرج مرساة سلة شمعة جسر شريط ميناء جزيرة سلم مرآة بستان "
    "وسادة كوكب قمة زنبق مظلة واد صفصاف فرشاة أرز جرس",
    "zh-Hans": "灯笼 河流 石子 枫叶 纽扣 羽毛 窗户 花园 白云 茶壶 草地 船锚 竹篮 蜡烛 小桥 "
    "丝带 港湾 小岛 梯子 镜子 果园 枕头 星球 火箭 围巾 山顶 雨伞 山谷 柳树 毛笔",
    "zh-Hant": "燈籠 河流 石子 楓葉 鈕扣 羽毛 窗戶 花園 白雲 茶壺 草地 船錨 竹籃 蠟燭 小橋 "
    "絲帶 港灣 小島 梯子 鏡子 果園 枕頭 星球 火箭 圍巾 山頂 雨傘 山谷 柳樹 毛筆",
    "pt": "lanterna rio pedra bordo botão pena janela jardim nuvem bule prado âncora cesta vela violino ponte fita noz "
    "porto ilha escada espelho pomar travesseiro planeta foguete cachecol cume tulipa vale pincel cedro sino",
    "vi": "đèn sông sỏi tre nút lông cửa vườn mây ấm đồng neo giỏ nến đàn cầu ruy-băng bến đảo thang gương gối sao "
    "núi ô thung liễu bút tuyết chuông",
}
LANGUAGES = tuple(_WORDS)
_LISTS = {language: tuple(dict.fromkeys(words.split())) for language, words in _WORDS.items()}


def security_word(*, language: str, digest: bytes) -> str:
    """Give the word of a debtor: the same for the same digest, in the debtor's language or else in English."""
    words = _LISTS.get(language) or _LISTS.get(language.partition("-")[0]) or _LISTS["en"]
    return words[int.from_bytes(digest[:8], "big") % len(words)]
