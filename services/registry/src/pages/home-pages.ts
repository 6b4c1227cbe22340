import type { Version } from '@app/schema-registry';
import type { AuditEntry } from '../data/audit.ts';
import type { GraphRow } from '../data/page-queries.ts';
import { table, time } from './format.ts';
import { type Html, html } from './html.ts';
import { document, path } from './layout.ts';
import { versionLink } from './version-pages.ts';

/** All graphs of the registry. */
export function graphsPage(graphs: readonly GraphRow[]): string {
  const rows = graphs.map(({ ref, versions, publishedAt }) => [html`<a href="${path(ref)}">${ref}</a>`, versions, time(publishedAt)]);
  const empty = 'There is no graph yet: making a token for one makes it (npm run registry:token -- create).';
  return document({ title: 'Graphs', body: table(['graph', 'versions', 'published'], rows, empty) });
}

/** What an overview shows. */
export interface Overview {
  readonly graph: string;
  /** Absent when nothing was published. */
  readonly newest: Version | undefined;
  readonly audit: readonly (AuditEntry & { readonly at: Date })[];
  readonly operations: number;
  readonly clients: number;
}

/** A graph at a glance: what is published, and what happened lately. */
export function overviewPage({ graph, newest, audit, operations, clients }: Overview): string {
  const body = html`
<div class="cards">
<div class="card"><b>${newest ? newest.number : '–'}</b>version</div>
<div class="card"><b>${Object.keys(newest?.subgraphs ?? {}).length}</b>subgraphs</div>
<div class="card"><b>${operations}</b>operations</div>
<div class="card"><b>${clients}</b>client versions</div>
</div>
<h2>Subgraphs</h2>
${subgraphs(graph, newest)}
<h2>Lately</h2>
${table(
  ['when (UTC)', 'who', 'what', ''],
  audit.map((entry) => [time(entry.at), entry.who, entry.action, auditDetail(graph, entry)]),
  'Nothing happened yet.',
)}`;
  return document({ title: 'Overview', graph, section: '', body });
}

function subgraphs(graph: string, newest: Version | undefined): Html {
  const rows = Object.entries(newest?.subgraphs ?? {}).map(([name, { url, hash }]) => [
    html`<a href="${path(graph, 'subgraphs', name)}">${name}</a>`,
    html`<code>${url}</code>`,
    html`<code class="quiet">${hash.slice(0, 12)}</code>`,
  ]);
  return table(['name', 'address', 'schema'], rows, 'Nothing was published yet: npm run schema -- publish --registry … --token …');
}

function auditDetail(graph: string, { detail }: AuditEntry): Html {
  const { version, subgraphs: names, name, rights, operations, sameAs } = detail;
  return html`${typeof version === 'number' && versionLink(graph, version)}
${typeof sameAs === 'number' && html`the same as ${versionLink(graph, sameAs)}`}
${Array.isArray(names) && html`<span class="quiet">${names.join(', ')}</span>`}
${typeof name === 'string' && name} ${Array.isArray(rights) && html`<span class="quiet">${rights.join(' ')}</span>`}
${typeof operations === 'number' && `${operations} operations`}`;
}
