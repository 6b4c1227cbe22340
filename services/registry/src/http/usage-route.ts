import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { clientsOn, recordUsage } from '../data/usage.ts';
import { graphRef } from '../domain/graph-ref.ts';
import { readUsageReport } from '../domain/usage-report.ts';
import { ClientRoster } from '../domain/usage-tally.ts';
import { RegistryError } from '../registry-error.ts';
import { authenticate, tokenOf } from './authenticate.ts';
import type { Parts } from './parts.ts';

const unzip = promisify(gunzip);
const DAY_MS = 86_400_000;

/**
 * `POST /api/ingress/traces`: usage reports of Apollo's plugin and router, and of our gateway. The answer asks for counts instead of traces,
 * since traces are only counted here.
 */
export function usageRoute(app: FastifyInstance, parts: Parts): void {
  const { MAX_REPORT_BYTES: limit, MAX_OPERATIONS: maxOperations } = parts.config;
  const rosterOf = createRosters(parts);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limit }, (_request, body, done) => done(null, body));
    scope.post('/api/ingress/traces', { bodyLimit: limit }, async (request, reply) => {
      const caller = await authenticate(parts.pool, tokenOf(request), 'report');
      const bytes = await plainBytes(request.body, request.headers['content-encoding'], limit);
      const report = readUsageReport(bytes, await rosterOf(caller.graph));
      if (report.graphRef !== '' && graphRef(report.graphRef) !== caller.graph)
        throw new RegistryError(
          'RIGHT_MISSING',
          `Token ${caller.tokenName} is for ${caller.graph}, the report is of ${report.graphRef}: set APOLLO_GRAPH_REF to the graph.`,
        );
      const at = momentOf(report.endedAt, parts.now());
      // One that does not say when it ended may well be the same as the one before.
      const hash = report.endedAt && createHash('sha256').update(bytes).digest();
      await recordUsage(parts.writes, report.tally, { graph: caller.graph, at, maxOperations, hash });
      return reply.type('application/json').send({ tracesIgnored: true });
    });
  });
}

/** The clients of today by graph. Each process reads them once: several admit more between them. */
function createRosters({ pool, config, now }: Parts): (graph: string) => Promise<ClientRoster> {
  const rosters = new Map<string, Promise<ClientRoster>>();
  let today = '';
  return (graph) => {
    const day = now().toISOString().slice(0, 10);
    if (day !== today) rosters.clear();
    today = day;
    const known = rosters.get(graph);
    if (known !== undefined) return known;
    const read = clientsOn(pool, graph, now()).then((clients) => new ClientRoster(clients, config.MAX_CLIENTS));
    rosters.set(graph, read);
    read.catch(() => rosters.delete(graph));
    return read;
  };
}

/** @throws {RegistryError} `BODY_TOO_LARGE` before more than the limit is in memory, `NOT_GZIP` when it is none. */
async function plainBytes(body: unknown, encoding: string | undefined, limit: number): Promise<Uint8Array> {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new RegistryError('NOT_A_REPORT', 'The body is empty: send a usage report.');
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new RegistryError('UNSUPPORTED_BODY', 'Send usage reports with content-encoding: gzip, or without any.');
  try {
    return await unzip(body, { maxOutputLength: limit });
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new RegistryError('BODY_TOO_LARGE', 'The report is larger than the registry takes (MAX_REPORT_BYTES): report more often.', {
        cause,
      });
    throw new RegistryError('NOT_GZIP', 'The body is not gzip although content-encoding says so.', { cause });
  }
}

/** Clocks go wrong: what lies in the future, or more than a day back, counts as now. */
function momentOf(endedAt: Date | undefined, now: Date): Date {
  const age = now.getTime() - (endedAt?.getTime() ?? Number.NaN);
  return age >= 0 && age < DAY_MS && endedAt ? endedAt : now;
}
