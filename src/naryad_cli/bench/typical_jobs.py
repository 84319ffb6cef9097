"""Forty jobs as a Russian water company has them in a day: what "typical" means in our figures.

About 1,200 bytes of JSON each when a phone gets them. Made by chance from a seed: the same at every run.
"""

import random
from datetime import UTC, datetime, timedelta

from naryad.domain.instant import to_text
from naryad.domain.json import Json, JsonObject

TYPICAL = 40

TEMPLATE: JsonObject = {
    "name": "Замена счётчика",
    "fields": [
        {"key": "meter_kind", "name": "Тип счётчика", "type": "text", "scope": "custom"},
        {"key": "entrance_code", "name": "Код домофона", "type": "text", "scope": "custom"},
        {
            "key": "old_reading",
            "name": "Показание старого",
            "type": "number",
            "scope": "report",
            "required": True,
        },
        {
            "key": "new_reading",
            "name": "Показание нового",
            "type": "number",
            "scope": "report",
            "required": True,
        },
        {"key": "sealed", "name": "Опломбирован", "type": "yes_no", "scope": "report"},
        {"key": "note", "name": "Примечание", "type": "text", "scope": "report"},
    ],
    "resolutions": [
        {"name": "Выполнено", "successful": True},
        {"name": "Нет доступа", "successful": False},
    ],
}

TYPES = ("Плановая замена", "Авария", "Заявка жильца", "Поверка", "Подключение", "Гарантийный случай")
WORKS = (
    "Заменить счётчик горячей воды, старый сдать на склад по акту.",
    "Заменить счётчик холодной воды, проверить обратный клапан и фильтр грубой очистки.",
    "Течёт резьбовое соединение после счётчика, перекрыть стояк и перебрать узел учёта.",
    "Снять показания, проверить пломбу, при нарушении составить акт.",
    "Провести поверку на месте, выдать свидетельство, внести запись в паспорт.",
    "Установить два счётчика в санузле, опломбировать, заполнить акт ввода в эксплуатацию.",
    "Жалоба на слабый напор: промыть фильтр, замерить давление до и после редуктора.",
    "Повторный выезд: в прошлый раз не было доступа в квартиру.",
)
REMARKS = (
    "Жилец дома после обеда, предварительно позвонить за полчаса.",
    "Нужна стремянка, трубы под потолком.",
    "Ключ от подвала у консьержа первого подъезда.",
    "Просили не перекрывать воду до 11 часов, в доме маленький ребёнок.",
    "Оплата наличными, взять бланк строгой отчётности.",
    "Парковка только со стороны двора, шлагбаум откроет охрана.",
    "Счётчик за ревизионным люком, плитку не снимать.",
)
WAYS = (
    "Вход со двора, вторая дверь от арки",
    "Домофон не работает, позвонить по телефону",
    "Въезд через шлагбаум, сказать охране номер заявки",
    "Лифт до пятого этажа, дальше пешком",
    "Подъезд закрыт на ремонт, вход через соседний",
)
STREETS = (
    "улица Земляной Вал", "улица Покровка", "Лялин переулок", "улица Казакова", "Старая Басманная улица",
    "улица Вавилова", "Ленинский проспект", "Профсоюзная улица", "улица Академика Пилюгина",
    "Нахимовский проспект", "улица Дмитрия Ульянова", "Кутузовский проспект", "Рублёвское шоссе",
)  # fmt: skip
SURNAMES = (
    "Кузнецова", "Орлова", "Фёдорова", "Никитина", "Соколова", "Лебедева", "Виноградова", "Богданова",
    "Воробьёва", "Щербакова", "Золотарёва", "Тихонова", "Афанасьева", "Мельникова", "Ершова", "Калашникова",
)  # fmt: skip
NAMES = ("Анна", "Ирина", "Наталья", "Ольга", "Екатерина", "Людмила", "Галина", "Марина", "Светлана", "Вера")
PATRONYMICS = ("Сергеевна", "Ивановна", "Петровна", "Александровна", "Дмитриевна", "Николаевна", "Юрьевна")
HOUSES = ("ТСЖ «Покровское»", "УК «Жилищник»", "ТСЖ «Новые Черёмушки»", "УК «Доверие»", "ЖСК «Академический»")
METERS = ("СХВ-15", "СГВ-15", "СХВ-20Д", "СГВ-20Д", "ВСКМ 90-25", "Пульсар Ду15")


def typical_jobs(day: datetime, *, seed: int = 1) -> list[JsonObject]:
    """Fields of `TYPICAL` jobs by merge name, without assignees and template; all of one day."""
    chance = random.Random(seed)
    return [_job(chance, day, number) for number in range(TYPICAL)]


def _job(chance: random.Random, day: datetime, number: int) -> JsonObject:
    pick = chance.choice
    surname, name, patronymic = pick(SURNAMES), pick(NAMES), pick(PATRONYMICS)
    contacts: list[Json] = [{"name": f"{name} {patronymic}", "value": _telephone(chance), "type": "phone"}]
    if number % 3 == 0:
        contacts.append({"name": f"Диспетчер, {pick(HOUSES)}", "value": _telephone(chance), "type": "phone"})
    at = day.astimezone(UTC).replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(
        minutes=15 * number
    )
    house = f"{chance.randrange(1, 90)}, корпус {chance.randrange(1, 5)}"
    custom: dict[str, Json] = {"custom_fields.meter_kind": pick(METERS)}
    if number % 2:
        custom["custom_fields.entrance_code"] = f"{chance.randrange(1, 320)}К{chance.randrange(1000, 9999)}"
    return {
        "external_id": f"1С-{77_400 + 3 * number + chance.randrange(3)}",
        "scheduled_at": to_text(at),
        "scheduled_duration": pick((30, 45, 60, 90)),
        "type": pick(TYPES),
        "description": f"{pick(WORKS)} {pick(REMARKS)}" if number % 2 else pick(WORKS),
        "client": {
            "name": f"{surname} {name} {patronymic}",
            "external_id": f"К-{chance.randrange(10_000, 99_999)}",
        },
        "contacts": contacts,
        "address": {
            "formatted": f"Москва, {pick(STREETS)}, {house}",
            "entrance": str(chance.randrange(1, 9)),
            "floor": str(chance.randrange(1, 17)),
            "apartment": str(chance.randrange(1, 320)),
            "description": pick(WAYS),
            "latitude": round(chance.uniform(55.6, 55.85), 5),
            "longitude": round(chance.uniform(37.4, 37.8), 5),
        },
        **custom,
    }


def _telephone(chance: random.Random) -> str:
    return f"+7 495 000-{chance.randrange(10, 99)}-{chance.randrange(10, 99)}"
