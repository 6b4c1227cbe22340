import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Fetch } from '@app/circuit-breaker';
import type { ErrorCode } from '@app/errors';
import type { RequestState } from '../operation/request-state.ts';
import { type Unexecutable, UsageCounts } from './usage-counts.ts';

/** Where usage is reported to, and how much of it. */
export interface UsageReporterOptions {
  /** A registry, or whatever takes reports of Apollo's plugin at `/api/ingress/traces` below it. */
  readonly url: string;
  /** Sent as `X-Api-Key`. */
  readonly key: string;
  readonly graphRef: string;
  /** Share of requests that are counted, above 0 to 1; each stands for the others. */
  readonly share: number;
  readonly intervalMs: number;
  readonly random: () => number;
  readonly now: () => Date;
  readonly ask: Fetch;
  readonly onError: (error: unknown) => void;
}

/** Counts requests and reports them now and then. */
export interface UsageReporter extends AsyncDisposable {
  record(state: RequestState, durationMs: number): void;
  /** Sends what was counted; what cannot be sent is kept for the next time, as long as there is room. Never rejects. */
  flush(): Promise<void>;
}

const zip = promisify(gzip);
const SEND_TIMEOUT_MS = 10_000;
/** Reports that wait for the registry to be back. */
const MOST_WAITING = 20;

const unexecutable: ReadonlyMap<string, Unexecutable> = new Map([
  ['GRAPHQL_PARSE_FAILED' satisfies ErrorCode, 'GraphQLParseFailure'],
  ['GRAPHQL_VALIDATION_FAILED' satisfies ErrorCode, 'GraphQLValidationFailure'],
  ['OPERATION_RESOLUTION_FAILURE' satisfies ErrorCode, 'GraphQLUnknownOperationName'],
]);

/**
 * Reports which operations clients send, how often, how fast and with how many errors: no variables, literals, headers or messages of errors.
 * The protocol is Apollo's, so a registry of ours and Apollo's own take it alike. Of a batch, the last operation is counted.
 */
export function createUsageReporter(options: UsageReporterOptions): UsageReporter {
  let counts = new UsageCounts();
  const waiting: Uint8Array[] = [];
  let sending: Promise<void> = Promise.resolve();

  const sendAll = async () => {
    const encoded = take();
    if (encoded) waiting.push(await zip(encoded));
    waiting.splice(0, waiting.length - MOST_WAITING);
    for (let body = waiting[0]; body !== undefined; body = waiting[0]) {
      await send(options, body);
      waiting.shift();
    }
  };
  const take = () => {
    const taken = counts;
    counts = new UsageCounts();
    return taken.encode(options.graphRef, options.now());
  };
  const flush = () => {
    sending = sending.then(sendAll).catch(options.onError);
    return sending;
  };
  const timer = setInterval(() => void flush(), options.intervalMs);
  timer.unref();
  return {
    record: (state, durationMs) => {
      if (options.share < 1 && options.random() >= options.share) return;
      const [code] = state.errorCodes;
      const operation = state.checked ?? unexecutable.get(code ?? '');
      const outcome = { hasErrors: code !== undefined, durationMs, weight: 1 / options.share };
      if (operation !== undefined) counts.add(operation, { name: state.client.name ?? '', version: state.client.version ?? '' }, outcome);
    },
    flush,
    [Symbol.asyncDispose]: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

/** Rejects when the report should be sent again; one that is refused is not worth that. */
async function send({ url, key, ask, onError }: UsageReporterOptions, body: Uint8Array): Promise<void> {
  const response = await ask(new URL('api/ingress/traces', url.endsWith('/') ? url : `${url}/`), {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-encoding': 'gzip', 'content-type': 'application/protobuf', accept: 'application/json' },
    body: new Uint8Array(body),
    redirect: 'error',
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
  const text = (await response.text()).slice(0, 500);
  if (response.status >= 500 || response.status === 429) throw new Error(`usage report: ${response.status} ${text}`);
  if (!response.ok) onError(new Error(`usage report refused: ${response.status} ${text}`));
}
