import { parse, print } from 'graphql';
import { type OperationDetail, type OperationRow, SHOWN_DAYS } from '../data/page-queries.ts';
import { percentileMs } from '../domain/latency.ts';
import { bars, count, duration, share, table, time } from './format.ts';
import { type Html, html } from './html.ts';
import { document, path } from './layout.ts';

const MEDIAN = 0.5;
const SLOW = 0.95;

/** The operations that are registered or were reported, the most used first. */
export function operationsPage(graph: string, operations: readonly OperationRow[], search: string): string {
  const rows = operations.map(({ id, name, requests, errors, clients, isRegistered, lastSeenAt, latency }) => {
    const histogram = new Map(latency ?? []);
    return [
      html`<a href="${path(graph, 'operations', id)}">${nameOf(name)}</a> ${isRegistered && html`<span class="tag">registered</span>`}`,
      count(requests),
      html`<span class="${Number(errors) > 0 ? 'bad' : 'quiet'}">${share(errors, requests)}</span>`,
      `${duration(percentileMs(histogram, MEDIAN))} / ${duration(percentileMs(histogram, SLOW))}`,
      clients,
      time(lastSeenAt),
    ];
  });
  const heads = ['operation', `requests, ${SHOWN_DAYS} days`, 'errors', 'median / 95 %', 'client versions', 'last seen (UTC)'];
  const body = html`<form role="search"><label>Name <input type="search" name="search" value="${search}"></label></form>
${table(heads, rows, search === '' ? 'No operation was registered or reported yet.' : `No operation has "${search}" in its name.`)}`;
  return document({ title: 'Operations', graph, section: 'operations', body });
}

/** One operation: its text, who sends it, how it goes. */
export function operationPage(graph: string, operation: OperationDetail): string {
  const { name, signature, requests, errors, latency, firstSeenAt, lastSeenAt, documents, clients, days } = operation;
  const histogram = new Map(latency ?? []);
  const body = html`
<div class="cards">
<div class="card"><b>${count(requests)}</b>requests, ${SHOWN_DAYS} days</div>
<div class="card"><b>${share(errors, requests)}</b>with errors</div>
<div class="card"><b>${duration(percentileMs(histogram, MEDIAN))}</b>median</div>
<div class="card"><b>${duration(percentileMs(histogram, SLOW))}</b>95 % are faster</div>
</div>
<p>${bars(days)}</p>
<p class="quiet">First seen ${time(firstSeenAt)}, last seen ${time(lastSeenAt)} (UTC)</p>
<h2>Signature</h2>
<pre>${pretty(signature)}</pre>
<h2>Clients</h2>
${clientTable(clients ?? [])}
${(documents ?? []).map(({ hash, document: text, clients: registeredBy }) => html`<h2>Registered document</h2><p class="quiet"><code>${hash}</code> by ${registeredBy.join(', ')}</p><pre>${text}</pre>`)}`;
  return document({ title: nameOf(name), graph, section: 'operations', body });
}

function clientTable(clients: NonNullable<OperationDetail['clients']>): Html {
  const rows = clients.map((client) => [
    client.name,
    client.version,
    count(client.requests),
    share(client.errors, client.requests),
    time(client.lastSeenAt),
  ]);
  return table(['client', 'version', 'requests', 'errors', 'last seen (UTC)'], rows, `Nobody sent it within ${SHOWN_DAYS} days.`);
}

function nameOf(name: string): string {
  return name === '-' ? '(anonymous)' : name;
}

function pretty(signature: string): string {
  try {
    return print(parse(signature));
  } catch {
    return signature;
  }
}
