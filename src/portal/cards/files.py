"""Files as the pages show them: prepared sizes of a photo or of a scan's first page, what is wrong in words (R13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.model import Attachment
from domain.wording import translations


@dataclass(frozen=True)
class FileView:
    """`url` is the small size, `full` the large one or the page of a scan in PDF, `pages` their number; none while
    not ready. `before` is the photo of the message beside which one of the answer is shown.
    """

    id: UUID
    name: str
    size: int
    state: str
    reason: str | None
    url: str | None
    full: str | None
    pages: int | None = None
    before: "FileView | None" = None

    several = False  # of a scan in TIFF only officials need to know that it has more pages

    @property
    def photo(self) -> bool:
        return self.url is not None and not self.pages

    @property
    def medium(self) -> str | None:
        """Beside its small size, wherever that is."""
        return self.url and f"{self.url.removesuffix('small')}medium"

    @property
    def alt(self) -> str:
        return self.name


def file_view(file: Attachment, place: str, language: str) -> FileView:
    """`place` is the address under which this visitor finds files."""
    ready = file.state == "ready"
    own = f"{place}/{file.id}"
    return FileView(
        id=file.id,
        name=file.name,
        size=file.size,
        state=file.state,
        reason=translations(language).gettext(file.reason) if file.reason else None,
        url=f"{own}/small" if ready else None,
        full=(own if file.pages else f"{own}/large") if ready else None,
        pages=file.pages if ready else None,
    )


def paired(views: Sequence[FileView], befores: Mapping[UUID, UUID | None], known: Sequence[FileView]) -> list[FileView]:
    """Each photo of an answer with the one of the message that it replies to, where this visitor gets to see that."""
    photos: dict[UUID | None, FileView] = {view.id: view for view in known if view.photo}
    return [replace(view, before=photos.get(befores[view.id])) for view in views]


def of_the_message(file: Attachment) -> bool:
    """Came with the message itself, and neither with an answer nor with remarks to one."""
    return file.answer is None and file.rating is None
