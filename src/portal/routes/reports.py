"""The controller takes the report away: as a sheet, as text with separators, or on paper (§5.1, R32)."""

import asyncio
from typing import Any

from litestar import Response, get
from litestar.response import Stream

from domain.rulebook import rulebook
from domain.workdays import in_town
from portal import serving, sheets
from portal.desk import control_lines, report
from portal.desk.control_filters import Filters
from portal.given import Now
from portal.pages import page
from portal.routes.control import OVERSIGHT
from portal.visit import PortalRequest


@get("/control/report", guards=OVERSIGHT)
async def show(request: PortalRequest, now: Now) -> Response[Any]:
    filters, language = Filters.asked(request.query_params), request.visit.view.language
    context = await report.paper(filters, await rulebook(), at=now, language=language)
    chosen = await control_lines.chosen(filters, language=language)
    return page(request, "control/report.html", {**context, "chosen": chosen})


@get("/control/report.csv", guards=OVERSIGHT)
async def as_csv(request: PortalRequest, now: Now) -> Stream:
    filters, language = Filters.asked(request.query_params), request.visit.view.language
    pages = report.pages(filters, await rulebook(), at=now, language=language)
    return Stream(sheets.as_csv(pages), media_type=serving.TABLE, headers=attached(now, filters, "csv"))


@get("/control/report.xlsx", guards=OVERSIGHT)
async def as_xlsx(request: PortalRequest, now: Now) -> Response[bytes]:
    filters, language = Filters.asked(request.query_params), request.visit.view.language
    rows = await report.whole(filters, await rulebook(), at=now, language=language)
    content = await asyncio.to_thread(sheets.as_xlsx, rows, title=filters.when)
    return Response(content, media_type=serving.WORKBOOK, headers=attached(now, filters, "xlsx"))


def attached(now: Now, filters: Filters, kind: str) -> dict[str, str]:
    return serving.taken_away(f"control-{filters.when}-{in_town(now).date().isoformat()}.{kind}")
