"""Other things that a text speaks for (§3): the code of the ground of refusal, and the words that speak for it.

The codes are those of the directory of grounds. What needs more than the text (a season, a photo, who is competent,
who wrote before) is no business of this page.
"""

import re

from domain.screening import Seen, seen

# A branch that repeats something begins where a word does: otherwise «решенирешени…» would be read over and over.
SIGNS = {
    # A threat to somebody, and no fear of a danger.
    "G02": re.compile(
        r"(?<!\w)(?:(?:(?:я\s+)?(?:вас|тебя|их|его|её|всех|вам|мэра|главу|директора|чиновник\w{0,12})|я)\s+)?(?:убью|убьём|прирежу|зарежу|взорву|взорв[её]м"
        r"|подожгу|подожж[её]м|сожгу|сожж[её]м|пристрелю|застрелю|расстреля(?:ю|ем)|повешу|задушу|покалечу|изобью|переломаю|закопаю)(?!\w)"
        r"|(?<!\w)(?:(?:вам|тебе|ему|им) (?:не жить|конец|крышка|не поздоровится)|(?:найду|знаю),? где (?:ты|вы) жив[её]\w+"
        r"|(?:башку|голову|руки|ноги) (?:оторву|отрежу|переломаю))",
        re.IGNORECASE,
    ),
    # Links, sales, votes and money: two of them, or a plain offer.
    "G05": re.compile(
        r"(?<!\w)(?:скидк\w+|акци[яи]|распродаж\w+|недорого|выгодн\w+ цен\w+|заказывайте|звоните прямо сейчас|покупайте|купите|предлагаем (?:услуги|ремонт|кредит)"
        r"|оказываем услуги|(?:микро)?займ\w*|кредит без|заработ\w+ (?:от|на дому|в интернет)|подписывайтесь|голосуйте за|казино|промокод\w*|переведите (?:деньги|на карту)"
        r"|сбор (?:средств|денег)|помогите деньгами|реклам\w+ услуг)",
        re.IGNORECASE,
    ),
    "G17": re.compile(
        r"(?<!\w)(?:(?:решени\w+|приговор\w*|постановлени\w+) (?:\w+ )?суда|(?:обжал\w+|пересмотр\w+) [^.!?\n]{0,30}суд\w*|следовател\w+|уголовн\w+ дел\w+|(?:не выплач\w+|задержива\w+|не плат\w+)"
        r"[^.!?\n]{0,20}(?:зарплат\w+|заработн\w+)|зарплат\w+ (?:не|задерж)\w+|уволил\w* (?:с работы|незаконно)|раздел имущества|алимент\w+|делёж наследств\w+)",
        re.IGNORECASE,
    ),
    "G20": re.compile(r"(?<!\w)(?:взятк\w+|взяточни\w+|коррупци\w+|коррупцион\w+|откат(?:ы|а|ов|ами)\b|распил\w* бюджет\w*|воруют бюджет\w*)", re.IGNORECASE),
}  # fmt: skip
THANKS = re.compile(
    r"(?:спасибо|благодар\w+|признател\w+|молодц\w+|поздравля\w+)(?!,? что (?:не|ничего))", re.IGNORECASE
)
ASKED = re.compile(
    r"(?:подскажите|скажите|как (?:записаться|получить|узнать|оформить)|где (?:можно|находится)|какие? документы|предлага\w+)",
    re.IGNORECASE,
)
TROUBLE = re.compile(
    r"(?<!\w)(?:не(?:т)?|без|слом\w+|разб\w+|разруш\w+|яма|ямы|течёт|течет|течь|протека\w+|гряз\w+|мусор\w*|опасн\w+|упал\w*|плох\w+|невозможн\w+|холодн\w+|темно"
    r"|скользк\w+|уберите|убрать|почин\w+|отремонтир\w+|замен\w+|прошу|просим|требу\w+|шум\w*|запах\w*|воня\w+|собак\w+|завал\w+|затоп\w+|залил\w*|стая|свалк\w+|сосульк\w+|вонь|лёд|гололёд)(?!\w)",
    re.IGNORECASE,
)
PLACES = re.compile(
    r"(?<!\w)(?i:ул|пр-т|просп|пер|пл|мкр|кв-л|пос|дер|б-р|ст|х|с)\.\s?[«\"]?[А-ЯЁ0-9]|(?<!\w)(?i:улиц\w{0,3}|проспект\w*|переул\w+|площад[ьи]|шоссе|бульвар\w*|микрорайон\w*"
    r"|квартал\w*|посёл\w+|посел\w+|село|селе|хутор\w*|станиц\w+|деревн\w+|снт|набережн\w+|перекр[её]ст\w+|кладбищ\w+|вокзал\w*|рын(?:ок|к[еау])|пляж\w*|стадион\w*"
    r"|поликлиник\w+|больниц\w+|парк\w{0,2}|сквер\w{0,2}|трасс\w+)\s+[«\"№А-ЯЁ0-9]"
    r"|(?<!\w)(?i:дом|д|дома|доме|домом|дому|домов|домами)\.?\s?(?:№\s?)?\d|№\s?\d|(?<!\w)(?i:маршрут\w*|автобус\w*|маршрутк\w+)\s(?:номер\s)?№?\s?\d"
    r"|(?<!\w)[А-ЯЁ][а-яё]{3,}(?:ая|ой|ого|а|ина|ова|ева|цкая|ский|ов)?,?\s\d{1,3}(?!\d|[.:]\d|\s?(?:раз|час|дн|недел|мес|год|лет|мин|%|руб|метр|см))"
    r"|(?<!\w)(?i:у|возле|около|напротив|рядом с|рядом со|за|перед|между|в районе|вблизи|недалеко от|от|до|возле|на углу|позади|сзади|под|в|на|к) (?:\w+ ){0,2}?"
    r"(?:школ\w+|детск\w+ сад\w*|садик\w+|магазин\w*|поликлиник\w+|больниц\w+|рынк\w+|рынок|вокзал\w*|останов\w+|стадион\w*|церк\w+|храм\w*|почт\w+|банк\w*|аптек\w+|завод\w*"
    r"|администраци\w+|клуб\w*|дом\w* культуры|библиотек\w+|мост\w*|пруд\w*|кладбищ\w+|заправк\w+|памятник\w*|парк\w*|сквер\w*|площад\w+|набережн\w+|перекр[её]ст\w+|пляж\w*|реч?к\w+|вокзал\w*|гаражами)"
    r"|(?<!\w)(?i:на|по|угол|углу|улицах?) [А-ЯЁ][а-яё]{3,}(?:а|ой|ей|ы|их|ого|его|ском|ой)(?!\w)",
)
ADDRESS = re.compile(r"[^\s@]{1,80}@[^\s@]{1,80}|(?:https?://|www\.)\S{1,500}")  # these are Latin in every language
LETTER = re.compile(r"[^\W\d_]")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{2,}")
VOWELS = re.compile(r"[аеёиоуыэюяaeiouy]", re.IGNORECASE)


def signs(text: str) -> dict[str, list[Seen]]:
    """By the code of the ground, the pieces that speak for it; an empty list is of the text as a whole."""
    found = {code: seen(pattern, text) for code, pattern in SIGNS.items()}
    told = {code: pieces for code, pieces in found.items() if pieces}
    if len(told.get("G05", [])) == 1 and not re.search(r"https?://|www\.|t\.me/", text):
        del told["G05"]
    said = ADDRESS.sub(" ", text)
    letters = len(LETTER.findall(said))
    if letters and len(CYRILLIC.findall(said)) * 2 < letters:
        told["G18"] = []
    elif is_empty(text):
        told["G13"] = []
    elif not TROUBLE.search(text) and (words := seen(THANKS, text) or seen(ASKED, text)):
        told["G15"] = words
    return told


def is_empty(text: str) -> bool:
    """Two words or fewer, or letters that nobody could read aloud."""
    words = WORD.findall(text[:3000])
    readable = [word for word in words if VOWELS.search(word) and len(word) < 30 and len(set(word.lower())) > 1]
    return len(set(map(str.lower, readable))) < 3 or len(readable) * 2 < len(words)


def has_place(text: str) -> bool:
    """Whether the text says where: a street, a house, a numbered route, or something that everybody there knows."""
    return PLACES.search(text) is not None
