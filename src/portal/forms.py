"""The one form layer: kept as it was typed, fitted into a model with every error at once and at its field."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, TypeVar, get_origin

from litestar.datastructures import UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from domain.errors import Sentence, Unfit, say
from domain.wording import N_
from portal.visit import PortalRequest

ORDINARY_BODY = 64 * 2**10
# So much is read, though of a file over the limit nothing is stored: one that is too large must not cost the others
# and the words. Beyond it the request ends.
UPLOAD_BODY = 205 * 2**20
# An upload over a slow line takes its time, so its routes say `opt=UPLOAD_TIME`.
UPLOAD_TIME = {"seconds": 600}

F = TypeVar("F", bound="Form")


class Form(BaseModel):
    """What a form is checked for is its shape; what it means is checked by the verb. Blank is the same as absent."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore", frozen=True)


def _digits(value: Any) -> Any:
    """Pydantic reads signs, spaces and underscores as numbers too; an id of ours is written in one way only."""
    return value if not isinstance(value, str) or re.fullmatch(r"[0-9]{1,18}", value) else "no id"


Id = Annotated[int, BeforeValidator(_digits), Field(ge=1)]


PER_CENT = re.compile(r"\d{1,3}(?:[.,]\d{1,3})?")


def per_cent(typed: str) -> float | None:
    """As people write it, with a comma or a point; None for what is no such number."""
    return float(typed.strip().replace(",", ".")) if PER_CENT.fullmatch(typed.strip()) else None


class Typed:
    """What somebody typed, word for word, so that a form that does not fit comes back as it was."""

    def __init__(
        self, fields: Mapping[str, Sequence[str]] | None = None, uploads: Mapping[str, list[UploadFile]] | None = None
    ) -> None:
        self.fields = {name: list(values) for name, values in (fields or {}).items()}
        self.uploads = dict(uploads or {})

    @classmethod
    def of(cls, **values: Any) -> Self:
        """A form that begins with something in it: a draft, or what is to be corrected."""
        given = {name: value for name, value in values.items() if value is not None}
        lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
        return cls({name: [str(each) for each in value] for name, value in lists.items()})

    def get(self, name: str, default: str = "") -> str:
        return self.fields.get(name, [default])[0]

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def has(self, name: str, value: object) -> bool:
        return str(value) in self.all(name)

    def take(self, name: str, into: str) -> None:
        """What a press proposes stands in the field from now on, in the place of what was there."""
        if proposed := self.get(name):
            self.fields[into] = [proposed]

    def files(self, name: str) -> list[UploadFile]:
        return self.uploads.get(name, [])

    def fit(self, model: type[F]) -> F:
        """The form as a model, or Unfit that names every field at once."""
        values, errors = self._values(model)
        try:
            form = model.model_validate(values)
        except ValidationError as trouble:
            raise Unfit({**_sentences(trouble), **errors}) from None
        if errors:
            raise Unfit(errors)
        return form

    def _values(self, model: type[Form]) -> tuple[dict[str, Any], dict[str, Sentence]]:
        values: dict[str, Any] = {}
        errors: dict[str, Sentence] = {}
        for name, field in model.model_fields.items():
            given = [value for value in self.all(name) if value.strip()]
            if get_origin(field.annotation) in (list, tuple):
                values[name] = given
            elif len(given) > 1:
                errors[name] = say("This came twice; one is needed.")
                values[name] = given[0]
            elif given:
                values[name] = given[0]
        return values, errors


def _sentences(trouble: ValidationError) -> dict[str, Sentence]:
    errors: dict[str, Sentence] = {}
    for error in trouble.errors(include_url=False, include_input=False):
        field = str(error["loc"][0]) if error["loc"] else "form"
        errors.setdefault(field, Sentence(MISFITS.get(error["type"], NO_FIT), error.get("ctx", {})))
    return errors


NO_FIT = N_("This does not fit.")
NUMBER = N_("Write a number here.")
CHOICE = N_("Choose one from the list.")
DAY = N_("Write a date here.")
RANGE = N_("This number is out of range.")
MISFITS = {
    "missing": N_("Fill this in."),
    "string_too_short": N_("At least %(min_length)s characters are needed."),
    "string_too_long": N_("No more than %(max_length)s characters fit here."),
    "int_parsing": NUMBER,
    "int_from_float": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "greater_than": RANGE,
    "greater_than_equal": RANGE,
    "less_than": RANGE,
    "less_than_equal": RANGE,
    "enum": CHOICE,
    "literal_error": CHOICE,
    "bool_parsing": CHOICE,
    "uuid_parsing": NO_FIT,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
}


async def typed(request: PortalRequest) -> Typed:
    """The fields and the files of a request, apart from each other."""
    form = await request.form()
    fields: dict[str, list[str]] = {}
    uploads: dict[str, list[UploadFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            uploads.setdefault(name, []).append(value)
        else:
            fields.setdefault(name, []).append(value)
    return Typed(fields, uploads)


async def fitted(request: PortalRequest, model: type[F]) -> F:
    """For the small forms that are only buttons with a field or two: they are never shown again with errors."""
    return (await typed(request)).fit(model)
