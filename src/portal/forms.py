"""The one form layer: read strictly, kept as it was typed, fitted into a model with every error at once."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, TypeVar, get_origin
from urllib.parse import unquote_to_bytes

from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from domain.errors import Sentence, Unfit, say
from domain.wording import N_
from portal.visit import PortalRequest

ORDINARY_BODY = 64 * 2**10
UPLOAD_BODY = 55 * 2**20
# An upload over a slow line takes its time, so its routes say `opt=UPLOAD_TIME`.
UPLOAD_TIME = {"seconds": 600}
PARTS = 40
FIELDS_BYTES = 256 * 2**10
NAME_LETTERS = 200

UTF8 = (None, "utf-8", "utf8", "us-ascii")
BOUNDARY = re.compile(r"[ -~]{1,70}")
UNREADABLE = "The request could not be read."

Parts = dict[str, list[str | UploadFile]]
F = TypeVar("F", bound="Form")


class Form(BaseModel):
    """What a form is checked for is its shape; what it means is checked by the verb. Blank is the same as absent."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore", frozen=True)


def _digits(value: Any) -> Any:
    """Pydantic reads signs, spaces and underscores as numbers too; an id of ours is written in one way only."""
    return value if not isinstance(value, str) or re.fullmatch(r"[0-9]{1,18}", value) else "no id"


Id = Annotated[int, BeforeValidator(_digits), Field(ge=1)]


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
        return cls({name: [str(value)] for name, value in values.items() if value is not None})

    def get(self, name: str, default: str = "") -> str:
        return self.fields.get(name, [default])[0]

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def has(self, name: str, value: object) -> bool:
        return str(value) in self.all(name)

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


async def parse(request: PortalRequest) -> Parts:
    """Every name with its values; anything but UTF-8 is refused, a kind of body that is no form has no fields."""
    kind, options = request.content_type
    if options.get("charset", "utf-8").lower() not in UTF8:
        raise ClientException(UNREADABLE)
    try:
        if kind == RequestEncodingType.MULTI_PART:
            return await _multipart(request, options.get("boundary", ""))
        if kind == RequestEncodingType.URL_ENCODED:
            return _urlencoded(await request.body())
    except InternalServerException:
        # Litestar calls it a fault of ours when somebody hangs up in the middle of sending.
        raise ClientException(UNREADABLE) from None
    return {}


def _urlencoded(body: bytes) -> Parts:
    pairs = [pair.partition(b"=") for pair in body.split(b"&") if pair]
    if len(pairs) > PARTS:
        raise RequestEntityTooLarge
    parts: Parts = {}
    for name, _, value in pairs:
        parts.setdefault(_unquoted(name), []).append(_unquoted(value))
    return parts


def _unquoted(raw: bytes) -> str:
    return text(unquote_to_bytes(raw.replace(b"+", b" ")))


def text(raw: bytes) -> str:
    """UTF-8 to the letter (so no lone surrogates), no NUL, one kind of line end."""
    try:
        decoded = raw.decode()
    except UnicodeDecodeError:
        raise ClientException(UNREADABLE) from None
    if "\0" in decoded:
        raise ClientException(UNREADABLE)
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


async def _multipart(request: PortalRequest, boundary: str) -> Parts:
    if not BOUNDARY.fullmatch(boundary):
        raise ClientException(UNREADABLE)
    reader = _PartsReader()
    try:
        with PushMultipartParser(boundary.encode(), max_segment_count=PARTS) as parser:
            async for chunk in request.stream():
                if parser.closed:
                    break
                for piece in parser.parse(chunk):
                    await reader.take(piece)
    except ParserLimitReached:
        await reader.close()
        raise RequestEntityTooLarge from None
    except MultipartError:
        await reader.close()
        raise ClientException(UNREADABLE) from None
    except BaseException:
        await reader.close()
        raise
    return reader.parts


class _PartsReader:
    """Puts the pieces of a multipart stream together: fields in memory up to a limit, files on disk."""

    def __init__(self) -> None:
        self.parts: Parts = {}
        self.name = ""
        self.open: bytearray | UploadFile = bytearray()
        self.left = FIELDS_BYTES

    async def take(self, piece: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(piece, MultipartSegment):
            self._begin(piece)
        elif piece is None:
            await self._end()
        elif isinstance(self.open, UploadFile):
            await self.open.write(bytes(piece))
        else:
            self.left -= len(piece)
            if self.left < 0:
                raise RequestEntityTooLarge
            self.open.extend(piece)

    def _begin(self, segment: MultipartSegment) -> None:
        if segment.charset and segment.charset.lower() not in UTF8:
            raise ClientException(UNREADABLE)
        self.name = text(segment.name.encode("utf-8", "surrogatepass"))
        self.open = bytearray()
        if segment.filename:
            self.open = UploadFile(segment.content_type or "application/octet-stream", _file_name(segment.filename))

    async def _end(self) -> None:
        value: str | UploadFile
        if isinstance(self.open, UploadFile):
            await self.open.seek(0)
            value = self.open
        else:
            value = text(bytes(self.open))
        self.parts.setdefault(self.name, []).append(value)
        self.open = bytearray()

    async def close(self) -> None:
        kept = [value for values in self.parts.values() for value in values]
        for value in [*kept, self.open]:
            if isinstance(value, UploadFile):
                await value.close()


def _file_name(given: str) -> str:
    """The last part of whatever path the browser told, printable: it is shown to people and sent in headers."""
    last = re.split(r"[/\\]", given)[-1]
    name = "".join(letter for letter in last if letter.isprintable()).strip()
    return name[-NAME_LETTERS:] or "file"
