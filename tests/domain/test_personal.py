"""What looks private in a text is found and proposed to be left out; what only resembles it stays."""

import pytest

from domain.personal import found, named
from domain.publicity import proposed

PRIVATE = {
    "Звоните 8 900 000-00-42, спросить Анну": "8 900 000-00-42",
    "Мой номер +7(900)0000042.": "+7(900)0000042",
    "тел. 8(84463)2-10-10 не берут, 2-31-15 тоже": "2-31-15",
    "Пишите: anna.petrova@mail.example, спасибо": "anna.petrova@mail.example",
    "ул. Мира, 41, кв. 12, третий подъезд": "кв. 12",
    "в квартире 127 течёт потолок": "квартире 127",
    "во дворе стоит А123ВС34 без колёс": "А123ВС34",
    "машина е 001 кх 134 на газоне": "е 001 кх 134",
    "паспорт 18 05 123456 выдан": "18 05 123456",
    "СНИЛС 112-233-445 95": "112-233-445 95",
}
NOT_PRIVATE = (
    "Заделано 14 кв. метров, гарантия до 2027 года",
    "Работы запланированы на 4 кв. 2026 года",
    "Яма 30 на 40, глубина 15 сантиметров",
    "Дом 41, подъезд 3, второй этаж",
    "с 01-02-26 по 10-02-26",
    "ГОСТ Р 50597-2017, пункт 5.2.4",
    "Квартал 5, дом 7",
    "контракт № 2026-00042 от 12 марта",
    "котельная на 112 домов, звоните 112",
)


@pytest.mark.rule("R10")
@pytest.mark.parametrize(("text", "private"), PRIVATE.items())
def test_what_is_private_is_found(text: str, private: str) -> None:
    assert private in [text[piece.start : piece.end].strip() for piece in found(text)]
    assert private not in proposed(text)
    assert "скрыт" in proposed(text)


@pytest.mark.parametrize("text", NOT_PRIVATE)
def test_what_only_resembles_it_stays(text: str) -> None:
    assert proposed(text) == text


@pytest.mark.rule("R10")
def test_the_authors_name_is_found_in_any_case() -> None:
    assert named("Это пишет Анна Соколова, дом Соколовой.", "Анна Викторовна Соколова") == [
        "анна", "соколова", "соколовой",
    ]  # fmt: skip
    assert named("Фонарь не горит.", "Анна Викторовна Соколова") == []
