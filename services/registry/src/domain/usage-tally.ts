/** Who sends something. */
export interface ClientKey {
  readonly clientName: string;
  readonly clientVersion: string;
}

/** How often one client sent one operation. */
export interface OperationTally extends ClientKey {
  readonly name: string;
  readonly signature: string;
  requests: number;
  errors: number;
  /** Requests by bucket of latency. */
  readonly latency: Map<number, number>;
}

/** How often clients of a name used a field. */
export interface FieldTally {
  readonly coordinate: string;
  readonly clientName: string;
  /** Requests whose operation names the field. */
  requests: number;
  /** Times its resolver ran, as far as it was traced. */
  executions: number;
  errors: number;
}

/** Requests that were no operation of the schema, or are not kept as one. */
export interface RefusedTally extends ClientKey {
  readonly kind: string;
  requests: number;
}

const LONGEST_CLIENT = 100;
/** What the field of a client that does not tell its name or version says. */
const UNKNOWN = 'unknown';

const OTHER: ClientKey = { clientName: 'other', clientVersion: 'other' };

/** Clients that are counted by themselves. They choose their names and versions, so those beyond a number are counted as one. */
export class ClientRoster {
  private readonly names: Set<string>;
  private readonly most: number;

  constructor(known: readonly ClientKey[], most: number) {
    this.names = new Set(known.map(nameOf));
    this.most = most;
  }

  /** The client, or what stands for those that are too many. */
  admit(client: ClientKey): ClientKey {
    const name = nameOf(client);
    if (!this.names.has(name) && this.names.size >= this.most) return OTHER;
    this.names.add(name);
    return client;
  }
}

function nameOf({ clientName, clientVersion }: ClientKey): string {
  return JSON.stringify([clientName, clientVersion]);
}

/** Counts of one report, added up before they are written. */
export class UsageTally {
  private readonly operationsByKey = new Map<string, OperationTally>();
  private readonly fieldsByKey = new Map<string, FieldTally>();
  private readonly refusedByKey = new Map<string, RefusedTally>();

  get operations(): OperationTally[] {
    return [...this.operationsByKey.values()];
  }

  get fields(): FieldTally[] {
    return [...this.fieldsByKey.values()];
  }

  get refused(): RefusedTally[] {
    return [...this.refusedByKey.values()];
  }

  operation(name: string, signature: string, client: ClientKey): OperationTally {
    const fresh = { ...client, name, signature, requests: 0, errors: 0, latency: new Map<number, number>() };
    return obtain(this.operationsByKey, JSON.stringify([name, signature, client.clientName, client.clientVersion]), fresh);
  }

  field(coordinate: string, clientName: string): FieldTally {
    const fresh = { coordinate, clientName, requests: 0, executions: 0, errors: 0 };
    return obtain(this.fieldsByKey, `${coordinate} ${clientName}`, fresh);
  }

  refuse(kind: string, client: ClientKey, requests: number): void {
    obtain(this.refusedByKey, JSON.stringify([kind, client.clientName, client.clientVersion]), { ...client, kind, requests: 0 }).requests +=
      requests;
  }
}

/** A client as it named itself, cut to what can be kept. */
export function clientKey(name: string | null | undefined, version: string | null | undefined): ClientKey {
  return { clientName: clean(name), clientVersion: clean(version) };
}

function clean(text: string | null | undefined): string {
  // Control characters would reach terminals and, U+0000, stop Postgres.
  return (
    (text ?? '')
      .replace(/\p{Cc}/gu, '')
      .slice(0, LONGEST_CLIENT)
      // Half a character is written as what stands for any: two names would be one row, twice.
      .toWellFormed()
      .trim() || UNKNOWN
  );
}

function obtain<Value>(map: Map<string, Value>, key: string, fresh: Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  map.set(key, fresh);
  return fresh;
}
