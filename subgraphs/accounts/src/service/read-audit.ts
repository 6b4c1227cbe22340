import { type Connection, type PageArguments, pageRequest, toConnection } from '@app/subgraph';
import { type AuditRow, listAudit } from '../data/audit.ts';
import { type Caller, requireScope } from './caller.ts';
import type { AccountsApp } from './ports.ts';

export type { AuditRow };

/** What an admin looks for. */
export interface AuditSearch {
  readonly actorId?: string | null;
  readonly subjectId?: string | null;
  readonly action?: string | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
}

/** The audit log, newest first. @throws {AppError} FORBIDDEN without accounts:write: only admins read who read what. */
export async function readAudit(app: AccountsApp, caller: Caller, page: PageArguments, search: AuditSearch): Promise<Connection<AuditRow>> {
  requireScope(caller, 'accounts:write');
  const request = pageRequest(page, 'RECORDED', 2);
  const from = request.from && { recordedAt: new Date(String(request.from[0])), id: String(request.from[1]) };
  if (from && Number.isNaN(from.recordedAt.getTime())) return toConnection([], request, keyOf);
  const criteria = {
    actorId: clean(search.actorId),
    subjectId: clean(search.subjectId),
    action: clean(search.action),
    since: search.since ?? null,
    until: search.until ?? null,
  };
  return toConnection(await listAudit(app.db, criteria, { limit: request.limit + 1, from }), request, keyOf);
}

function keyOf({ recordedAt, id }: AuditRow): [string, string] {
  return [recordedAt.toISOString(), id];
}

/** U+0000 is in no entry, and the database would not take it. */
function clean(text: string | null | undefined): string | null {
  return text?.replaceAll('\u0000', '').trim() || null;
}
