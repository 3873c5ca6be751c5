"""Standard phrases that executors of the demo town have kept, and those of a whole department."""

from dataclasses import replace

from domain.model import Person, Topic
from domain.phrases import Said, keep

PHRASES = {
    "pavel": (
        Said("Яма засыпана", "Выбоина по адресу {адрес} засыпана и уплотнена, проезд свободен."),
        Said("Горячий асфальт", "Место включено в график ремонта горячим асфальтом, срок ремонта – "),
        Said("Осмотр", "По сообщению № {номер} место осмотрено, фото приложены.", shared=True),
    ),
    "sergey": (
        Said("Авария устранена", "Авария по адресу {адрес} устранена, подача восстановлена."),
        Said("Чья сеть", "Сеть не на балансе округа; её владелец извещён письмом от ", shared=True),
    ),
    "roman": (Said("Фонарь горит", "Светильник по адресу {адрес} заменён, вечером освещение проверено."),),
}


OF_TOPICS = {"Горячий асфальт": "road-pothole"}


async def fill(people: dict[str, Person], topics: dict[str, Topic]) -> None:
    for key, phrases in PHRASES.items():
        for said in phrases:
            topic = topics[OF_TOPICS[said.name]].id if said.name in OF_TOPICS else None
            await keep(replace(said, topic=topic), by=people[key])
