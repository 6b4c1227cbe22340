import { type ClientRow, SHOWN_DAYS } from '../data/page-queries.ts';
import { count, share, table, time } from './format.ts';
import { html } from './html.ts';
import { document } from './layout.ts';

/** What a client page shows. */
export interface Clients {
  readonly graph: string;
  readonly clients: readonly ClientRow[];
  readonly refused: readonly { readonly kind: string; readonly name: string; readonly version: string; readonly requests: string }[];
}

const kinds: Readonly<Record<string, string>> = {
  GraphQLParseFailure: 'no GraphQL',
  GraphQLValidationFailure: 'does not fit the schema',
  GraphQLUnknownOperationName: 'names an operation that is not there',
  TooManyOperations: 'not kept: too many different operations',
};

/** Who sends operations, by version, and whose requests do not fit. */
export function clientsPage({ graph, clients, refused }: Clients): string {
  const rows = clients.map(({ name, version, requests, errors, operations, lastSeenAt }) => [
    name,
    version,
    count(requests),
    html`<span class="${Number(errors) > 0 ? 'bad' : 'quiet'}">${share(errors, requests)}</span>`,
    operations,
    time(lastSeenAt),
  ]);
  const refusedRows = refused.map(({ kind, name, version, requests }) => [kinds[kind] ?? kind, name, version, count(requests)]);
  const body = html`
${table(['client', 'version', `requests, ${SHOWN_DAYS} days`, 'errors', 'operations', 'last seen (UTC)'], rows, 'No usage was reported yet: set USAGE_URL and USAGE_KEY of the gateway.')}
<h2>Requests that did not fit</h2>
${table(['why', 'client', 'version', 'requests'], refusedRows, 'There were none.')}`;
  return document({ title: 'Clients', graph, section: 'clients', body });
}
