"""Abuse in a text (§3, ground G01): obscene words however they are hidden, and insults.

A root counts at the beginning of a word, behind the prefixes that it takes; so «хлебный», «команда», «употреблять»,
«подстрахуй» and «скипидар» stay what they are.
"""

import re

from domain.screening import LOOKALIKES, Seen

PREFIX = "(?:на|за|по|от|до|вы|рас|раз|под|над|об|о|у|съ|с|въ|в|из|ис|при|пере|про|недо|не|ни|долбо|взъ|подъ|разъ|объ|отъ|изъ)?"
ROOTS = (
    rf"{PREFIX}ху[йяюеи](?!торок|н[ои]т)\w*",
    rf"{PREFIX}пизд\w*",
    rf"{PREFIX}(?:еб|ёб)(?:а[тлнш]|у[тчнс]|л[аоияуе]|ё|ну|и[тсл]|ок|ыр|уч|ищ|ар|ик|ет\b|ут\b|ан|ош)\w*",
    r"выеб[аиыу]\w*",
    r"(?:долбо|дол|муда|остое|шизо|тупо)[её]б\w*",
    r"бля(?:[тд]\w*|х?\b|дск\w*)",
    r"муд(?:ак|ач|ил|озвон|аки)\w*",
    r"[гх][ао]ндон\w*",
    r"(?:пид[оа]р|педр?ил)\w*",
    r"залуп\w*",
    r"(?:шлюх|шалав)\w*",
    r"манд(?:а|ой|у|ы|ень|ул)\b",
    r"дроч(?:и|е|у|а|к)\w*",
    r"(?:на|по|до|ни)?х[е]р(?:ня|ни|ню|ней|ов\w*|ач\w*|ом\b|а\b|у\b|е\b)?(?!\w)",
    r"(?:охер|похер|захер)\w*",
    r"жоп\w*",
    r"(?:за|на|об|по)?(?:с[рc]ат|ср[её]т|ср[ау]л)\w*",
    r"го[вф]н(?:о|а|у|ом|е|ищ|юк|яш|ец)\w*",
    r"(?:уёб|уеб)(?:ищ|ок|ан|к)\w*",
)
INSULTS = (
    r"(?:мраз[ьией]\w*|ублюд\w*|сволоч\w*|подон(?:ок|к)\w*|твар(?:ь|и|ей|ям)|паскуд\w*|скотин\w*|мерзав\w*|негодя\w*)",
    r"(?:дебил\w*|идиот(?:ы|а|ов|ам|ка|ина)?|кретин\w*|придур(?:ок|к)\w*|дура(?:к|ки|ков|кам|чь[её])?|уро(?:д|ды|дов|дам|дина))",
    r"(?:бездельни\w*|дармоед\w*|бестолоч\w*|козл(?:ы|ов|ина)|тупиц\w*|гниды?|тварин\w*|чмо|лох[иа]?|гады?|жуль[её]|ворь[её])",
)
SPACED = re.compile(r"(?<!\w)(?:\w(?:[ .*_-]\w){2,6})(?!\w)")
STARS = "[*#%@]{1,4}"
HIDDEN = re.compile(
    rf"(?<!\w)(?:[хx]{STARS}[йяюеинлву]\w*|[бb]л?{STARS}[тдяь]\w*|пи?{STARS}(?:[дц]|ец)\w*|[её]{STARS}[тлн]\w*|[сc]{STARS}[кk][аи]"
    rf"|(?:на|ни|по)х{STARS}\w*|му{STARS}к\w*|г{STARS}в?но\w*)",
    re.IGNORECASE,
)
WORDS = re.compile(rf"(?<!\w)(?:{'|'.join((*ROOTS, *INSULTS))})(?!\w)")
DOG, BITCH = (
    re.compile(r"соба|щен|кобел|пс[аыо]в?\b|кличк|стерилиз|стая|стаи|приют|вольер"),
    re.compile(r"(?<!\w)сук(?:а|и|у|ой|ам|ины?|ин)(?!\w)"),
)


def obscenities(text: str) -> list[Seen]:
    """Every word of abuse; offsets are those of the text as it is."""
    plain = text.lower() if len(text.lower()) == len(text) else text
    plain = plain.translate(LOOKALIKES) if re.search("[а-я]", plain) else plain
    found = [Seen(*match.span()) for match in WORDS.finditer(plain)]
    found += [Seen(*match.span()) for match in HIDDEN.finditer(text)]
    found += [
        Seen(*match.span()) for match in SPACED.finditer(plain) if WORDS.fullmatch(re.sub(r"[^а-я]", "", match[0]))
    ]
    if not DOG.search(plain):
        found += [Seen(*match.span()) for match in BITCH.finditer(plain)]
    return sorted(set(found), key=lambda each: each.start)
