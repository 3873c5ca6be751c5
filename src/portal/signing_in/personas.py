"""The six people of the ЕСИА emulator: each is one way in which a sign-in can end."""

from dataclasses import dataclass

from domain.wording import N_


@dataclass(frozen=True)
class Persona:
    key: str
    label: str  # a msgid: what this one is for
    oid: int
    first: str
    middle: str
    last: str
    email: str | None = None
    confirmed: bool = True
    level: str = "PR"
    organisation: tuple[int, str] | None = None
    denies: bool = False

    @property
    def name(self) -> str:
        return self.organisation[1] if self.organisation else f"{self.first} {self.middle} {self.last}"


PERSONAS = (
    Persona("confirmed", N_("Confirmed account"), 1000900001, "Ольга", "Игоревна", "Тестова", "olga@mail.example"),
    Persona(
        "unconfirmed", N_("Account not confirmed"), 1000900002, "Пётр", "Ильич", "Незнамов", "petr@mail.example",
        confirmed=False, level="P",
    ),
    Persona("child", N_("A child's account"), 1000900003, "Маша", "Олеговна", "Тестова", level="KD"),
    Persona("no-email", N_("Confirmed account without an e-mail"), 1000900004, "Захар", "Петрович", "Безписьмов"),
    Persona(
        "organisation", N_("On behalf of an organisation"), 1000900005, "Алла", "Юрьевна", "Конторская",
        "office@company.example", organisation=(1000800001, "ООО «Берёзка»"),
    ),
    Persona(
        "denies", N_("Denies the portal access"), 1000900006, "Фома", "Фомич", "Недоверов", "foma@mail.example",
        denies=True,
    ),
)  # fmt: skip

BY_KEY = {persona.key: persona for persona in PERSONAS}
BY_OID = {persona.oid: persona for persona in PERSONAS}
