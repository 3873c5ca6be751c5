"""What a program saw in the open message (§3): hints for the moderator, each with its reason; nothing is done by it."""

from domain.personal import Private
from domain.wording import N_

KINDS = {
    Private.NAME: N_("name"),
    Private.PHONE: N_("phone number"),
    Private.EMAIL: N_("e-mail address"),
    Private.SNILS: N_("SNILS"),
    Private.PASSPORT: N_("passport"),
    Private.CARD: N_("bank card"),
    Private.FLAT: N_("flat"),
    Private.PLATE: N_("number plate"),
}
