"""The case file (§4.4, R27): how a case stood when it came to the commission; what happens later does not change it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from domain.fates import DECISIVE
from domain.model import CaseFile, Message

# One statement, so that all of it is seen at one moment; names of officials are written out, because people may be
# renamed. That of the author is opened and not shown, to the commission as to others.
SNAPSHOT = f"""
WITH it AS (SELECT * FROM message WHERE id = {{}})
SELECT json_build_object(
  'message', (SELECT to_json(x) FROM (
      SELECT it.id, it.number, it.text, it.address, it.latitude, it.longitude, it.sent_at, it.registered_at,
             it.sending, it.round, it.reworks, it.consent, tp.name AS topic, tp.track, c.name AS category,
             a.is_organisation, e.name AS executor, o.name AS organisation
      FROM it JOIN topic tp ON tp.id = it.topic JOIN category c ON c.id = tp.category
      JOIN person a ON a.id = it.author LEFT JOIN person e ON e.id = it.executor
      LEFT JOIN organisation o ON o.id = e.organisation) x),
  'answers', (SELECT coalesce(json_agg(x ORDER BY x.round), '[]') FROM (
      SELECT an.id, an.round, an.state, an.outcome, an.text, an.planned_on, an.rules, an.remark, an.approved_at,
             an.sent_for_review_at, an.informed, an.informed_on, an.informed_number, au.name AS author,
             rv.name AS reviewer, r.id AS rating, r.choice, r.remarks, r.at AS rated_at,
             (SELECT coalesce(json_agg(rk ORDER BY rk.position), '[]') FROM (
                 SELECT position, text, outcome, reply FROM remark WHERE rating = r.id) rk) AS lines
      FROM it JOIN answer an ON an.message = it.id JOIN person au ON au.id = an.author
      LEFT JOIN person rv ON rv.id = an.reviewer {DECISIVE}
      WHERE an.state <> 'draft') x),
  'clocks', (SELECT coalesce(json_agg(x ORDER BY x.opened_at, x.id), '[]') FROM (
      SELECT t.id, t.kind, t.opened_at, t.workdays, t.due_on, t.runs_out_at, t.met_at, t.missed_at, t.void_at,
             t.provisional, t.counting::text,
             CASE WHEN p.role <> 'citizen' THEN p.name END AS owed_by
      FROM it JOIN term t ON t.message = it.id LEFT JOIN person p ON p.id = t.owed_by) x),
  'files', (SELECT coalesce(json_agg(x ORDER BY x.received_at, x.id), '[]') FROM (
      SELECT f.id, f.name, f.kind, f.size, f.content_hash, f.state, f.answer, f.rating, f.received_at
      FROM it JOIN attachment f ON f.message = it.id) x),
  'journal', (SELECT coalesce(json_agg(x ORDER BY x.id), '[]') FROM (
      SELECT e.id, e.kind, e.at, e.data, CASE WHEN p.role <> 'citizen' THEN p.name END AS who, p.role,
             xp.name AS executor, ip.name AS instead,
             tp.name AS topic, (SELECT string_agg(g.name, '; ' ORDER BY g.id) FROM ground g
              WHERE e.data->'grounds' @> to_jsonb(g.code)) AS grounds
      FROM it JOIN event e ON e.message = it.id LEFT JOIN person p ON p.id = e.actor
      LEFT JOIN person xp ON xp.id = (e.data->>'executor')::bigint
      LEFT JOIN person ip ON ip.id = (e.data->>'instead_of')::bigint
      LEFT JOIN topic tp ON e.kind IN ('message:registered','message:answered_at_once')
      AND tp.id = (e.data->>'topic')::bigint) x)
)::text AS content
"""  # noqa: S608


async def freeze(message: Message, *, at: datetime) -> None:
    """Write the file of the case, last of all in the transaction that brings it to the commission."""
    (row,) = await Message.raw(SNAPSHOT, message.id)
    content = row["content"]
    await CaseFile.insert(CaseFile(message=message.id, frozen_at=at, content=content, hash=digest(content)))


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def opened(file: CaseFile) -> dict[str, Any]:
    """What the file says; a file that is not what it was is not read."""
    if digest(file.content) != file.hash:
        raise LookupError(f"case file {file.id} is not what was frozen")
    return dict(json.loads(file.content))
