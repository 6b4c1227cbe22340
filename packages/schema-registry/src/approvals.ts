import { existsSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Finding, SourcePlace } from './finding.ts';
import { readText, UsageError } from './graph.ts';

/** A breaking change that somebody decided to make. */
export interface Approval {
  /** Code of the finding. */
  readonly code: string;
  readonly coordinate: string;
  readonly reason: string;
  /** ISO date; after the end of that day (UTC) it no longer counts. */
  readonly expires: string;
  /** Where it stands. */
  readonly place?: SourcePlace;
}

/**
 * Reads approvals: a YAML list of `{ code, coordinate, reason, expires }`. A file that is not there approves nothing.
 * @throws {UsageError} naming the entry that is wrong.
 */
export function readApprovals(file: string): Approval[] {
  if (!existsSync(file)) return [];
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines });
  const [mistake] = document.errors;
  if (mistake) throw new UsageError(`${file}:${mistake.linePos?.[0].line ?? 1}: ${mistake.message.split('\n')[0]}`);
  const entries: unknown = document.toJS() ?? [];
  if (!Array.isArray(entries)) throw new UsageError(`${file} must be a list of approvals.`);
  return entries.map((entry: unknown, index) => {
    const node: unknown = document.get(index, true);
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    const { line, col } = lines.linePos(offset);
    return { ...checkApproval(entry, `${file}:${line}, entry ${index + 1}`), place: { file, line, column: col } };
  });
}

const MILLISECONDS_OF_DAY = 86_400_000;

/** Turns approved errors into warnings. Approvals that expired, or fit nothing, are findings themselves: they should go. */
export function applyApprovals(findings: readonly Finding[], approvals: readonly Approval[], today: Date): Finding[] {
  const live = approvals.filter(({ expires }) => new Date(expires).getTime() > today.getTime() - MILLISECONDS_OF_DAY);
  const used = new Set<Approval>();
  const judged = findings.map((finding): Finding => {
    const approval =
      finding.severity === 'error'
        ? live.find(({ code, coordinate }) => code === finding.code && coordinate === finding.coordinate)
        : undefined;
    if (!approval) return finding;
    used.add(approval);
    return { ...finding, severity: 'warning', approvedBecause: approval.reason };
  });
  const stale = approvals.filter((approval) => !used.has(approval)).map((approval) => staleFinding(approval, live.includes(approval)));
  return [...judged, ...stale];
}

function staleFinding({ code, coordinate, expires, place }: Approval, isLive: boolean): Finding {
  return {
    ...(place && { place }),
    severity: 'warning',
    code: isLive ? 'APPROVAL_UNUSED' : 'APPROVAL_EXPIRED',
    message: isLive
      ? `The approval of ${code} at ${coordinate} fits no finding.`
      : `The approval of ${code} at ${coordinate} expired on ${expires}.`,
    coordinate,
    wayOut: isLive ? 'Remove it, or correct its code or coordinate.' : 'Remove it, or renew it with a new date.',
  };
}

function checkApproval(entry: unknown, where: string): Approval {
  const { code, coordinate, reason, expires } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  const date = expires instanceof Date ? expires.toISOString().slice(0, 10) : expires;
  if (typeof code !== 'string' || typeof coordinate !== 'string') throw new UsageError(`${where}: give code and coordinate.`);
  if (typeof reason !== 'string' || reason.trim() === '') throw new UsageError(`${where}: give a reason.`);
  if (typeof date !== 'string' || Number.isNaN(Date.parse(date)))
    throw new UsageError(`${where}: give expires as a date such as 2026-12-31.`);
  return { code, coordinate, reason, expires: date };
}
