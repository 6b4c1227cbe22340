import { CircuitBreakers, guardedFetch } from '@app/circuit-breaker';
import type { Finding } from './finding.ts';
import { type SubgraphSource, UsageError } from './graph.ts';
import type { RegisteredOperation } from './operations.ts';
import type { CheckRequest, Published, PublishNote, RegistryStore, Version } from './registry-store.ts';
import type { UsageFilter } from './usage-filter.ts';

/** The registry service could not be asked: no connection, no answer in time, or an answer that says so (5xx, 429). The message names the cause. */
export class RegistryUnavailableError extends Error {
  override readonly name = 'RegistryUnavailableError';
}

/** Where the registry service is, and who asks. */
export interface HttpStoreOptions {
  readonly url: string;
  /** Made by the service's `token` command; it also says which graph is meant. */
  readonly token: string;
  /** Longest time for one call, in milliseconds; a check of a large graph takes seconds. Default 60,000. */
  readonly timeoutMs?: number;
}

interface VersionDetail {
  readonly version: Version;
  readonly subgraphs: readonly SubgraphSource[];
  readonly supergraph: string;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DOES_NOT_COMPOSE = 422;
const RATE_LIMITED = 429;

/**
 * The registry service as a store. @throws {RegistryUnavailableError} when it cannot be asked; {UsageError} with the service's own words when
 * it refuses.
 */
export class HttpStore implements RegistryStore {
  private readonly options: HttpStoreOptions;
  private readonly fetch = guardedFetch(new CircuitBreakers(), { id: 'registry', timeoutMs: 'own' });
  private readonly details = new Map<number, VersionDetail>();

  constructor(options: HttpStoreOptions) {
    if (!/^https?:\/\//.test(options.url) || !URL.canParse(options.url))
      throw new UsageError(`The registry's address is "${options.url}": give a URL such as https://registry.example.com.`);
    if (options.token === '')
      throw new UsageError(
        'The registry service asks for a token: give --token, or set SCHEMA_REGISTRY_TOKEN. Its `token` command makes one.',
      );
    if (!/^[!-~]+$/.test(options.token))
      throw new UsageError('The token of the registry has characters that no token has, such as spaces or line breaks: copy it again.');
    this.options = options;
  }

  async history(last?: number): Promise<Version[]> {
    return (await this.ask('GET', `api/versions${last === undefined ? '' : `?last=${last}`}`, 'versions'))['versions'] as Version[];
  }

  async version(number?: number): Promise<Version> {
    return (await this.detail(number)).version;
  }

  async subgraphs({ number }: Version): Promise<SubgraphSource[]> {
    return [...(await this.detail(number)).subgraphs];
  }

  async supergraph({ number }: Version): Promise<string> {
    return (await this.detail(number)).supergraph;
  }

  async publish(changed: readonly SubgraphSource[], { by, message, removed = [] }: PublishNote): Promise<Published> {
    return (await this.ask('POST', 'api/publish', 'version', { subgraphs: changed, removed, by, message })) as unknown as Published;
  }

  async rollback(number: number, { by, message }: PublishNote): Promise<Version> {
    return (await this.ask('POST', 'api/rollback', 'version', { version: number, by, message }))['version'] as Version;
  }

  async operations(filter: UsageFilter = {}): Promise<RegisteredOperation[]> {
    const query = new URLSearchParams();
    if (filter.days !== undefined) query.set('days', String(filter.days));
    if (filter.minRequests !== undefined) query.set('minRequests', String(filter.minRequests));
    for (const client of filter.excludedClients ?? []) query.append('exclude', client);
    return (await this.ask('GET', `api/operations?${query}`, 'operations'))['operations'] as RegisteredOperation[];
  }

  async pushOperations(operations: readonly RegisteredOperation[]): Promise<number> {
    return (await this.ask('POST', 'api/operations', 'added', { operations }))['added'] as number;
  }

  async check({ changed, removed = [], approvals, budgets = {}, usage = {} }: CheckRequest): Promise<Finding[]> {
    const body = { subgraphs: changed, removed, approvals, budgets, usage };
    return (await this.ask('POST', 'api/checks', 'findings', body))['findings'] as Finding[];
  }

  /** Versions never change, so one that was read is kept; which is the newest is asked each time. */
  private async detail(number?: number): Promise<VersionDetail> {
    const known = number === undefined ? undefined : this.details.get(number);
    if (known) return known;
    const detail = (await this.ask('GET', `api/versions/${number ?? 'latest'}`, 'version')) as unknown as VersionDetail;
    this.details.set(detail.version.number, detail);
    return detail;
  }

  /** @param field that every answer of a registry to this has. */
  private async ask(method: string, path: string, field: string, body?: unknown): Promise<Answer['body']> {
    const answer = await this.send(method, path, body);
    if ((answer.status < 300 || answer.status === DOES_NOT_COMPOSE) && field in answer.body) return answer.body;
    const { message } = (answer.body['error'] ?? {}) as { message?: string };
    const text = message ?? `it answered with status ${answer.status}`;
    if (answer.status >= 500 || answer.status === RATE_LIMITED)
      throw new RegistryUnavailableError(`The registry at ${this.options.url} cannot serve this now: ${text}`);
    throw new UsageError(message ?? `The registry at ${this.options.url} did not understand: ${text}. Is this its address?`);
  }

  private async send(method: string, path: string, body: unknown): Promise<Answer> {
    const { url, token, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    try {
      const response = await this.fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: parseBody(await response.text()) };
    } catch (cause) {
      throw new RegistryUnavailableError(`The registry at ${url} does not answer: ${reasonOf(cause)}`, { cause });
    }
  }
}

function parseBody(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
