import type { RecordedCheck } from '../data/checks.ts';
import { findingList } from './findings.ts';
import { table, time } from './format.ts';
import { type Html, html } from './html.ts';
import { document, path } from './layout.ts';
import { versionLink } from './version-pages.ts';

const verdict = (isOk: boolean): Html => (isOk ? html`<span class="good">passed</span>` : html`<span class="bad">failed</span>`);

/** The checks that were run, newest first. */
export function checksPage(graph: string, checks: readonly Omit<RecordedCheck, 'findings'>[]): string {
  const rows = checks.map(({ id, at, who, base, subgraphs, isOk }) => [
    html`<a href="${path(graph, 'checks', id)}">check ${id}</a>`,
    verdict(isOk),
    time(at),
    who,
    subgraphs.join(', '),
    base === null ? '' : versionLink(graph, base),
  ]);
  const body = table(
    ['', '', 'when (UTC)', 'who', 'subgraphs', 'against'],
    rows,
    'No check was run yet: npm run schema -- check --registry … --token …',
  );
  return document({ title: 'Checks', graph, section: 'checks', body });
}

/** What one check said. */
export function checkPage(graph: string, { id, at, who, base, subgraphs, isOk, findings }: RecordedCheck): string {
  const body = html`
<p>${verdict(isOk)} ${time(at)} by ${who}: ${subgraphs.join(', ')}${base !== null && html` against ${versionLink(graph, base)}`}</p>
${findingList(findings, 'There was nothing to say.')}`;
  return document({ title: `Check ${id}`, graph, section: 'checks', body });
}
