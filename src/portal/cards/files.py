"""Files as the pages show them: prepared sizes of a photo or of a scan's first page, what is wrong in words (R13)."""

from dataclasses import dataclass
from uuid import UUID

from domain.model import Attachment
from domain.wording import translations


@dataclass(frozen=True)
class FileView:
    """`url` is the small size, `full` the large one or the page of a scan in PDF, `pages` their number; none while
    not ready."""

    id: UUID
    name: str
    size: int
    state: str
    reason: str | None
    url: str | None
    full: str | None
    pages: int | None = None

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


def of_the_message(file: Attachment) -> bool:
    """Came with the message itself, and neither with an answer nor with remarks to one."""
    return file.answer is None and file.rating is None
