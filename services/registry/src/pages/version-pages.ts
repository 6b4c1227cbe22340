import type { Finding, SubgraphSource, Version } from '@app/schema-registry';
import { findingList } from './findings.ts';
import { table, time } from './format.ts';
import { type Html, html } from './html.ts';
import { document, path } from './layout.ts';
import { type DiffLine, diffLines } from './line-diff.ts';

/** A link to a version. */
export function versionLink(graph: string, number: number): Html {
  return html`<a href="${path(graph, 'versions', number)}">version ${number}</a>`;
}

/** The history, newest first. */
export function versionsPage(graph: string, versions: readonly Version[]): string {
  const rows = versions.map((version, index) => {
    const before = versions[index - 1];
    return [
      versionLink(graph, version.number),
      time(version.publishedAt),
      version.by,
      changedNames(version, before).join(', ') || '–',
      version.message,
    ];
  });
  const body = table(['', 'published (UTC)', 'by', 'changed', 'why'], rows.reverse(), 'Nothing was published yet.');
  return document({ title: 'Changes', graph, section: 'versions', body });
}

/** A version beside the one before it. */
export interface VersionDetail {
  readonly graph: string;
  readonly version: Version;
  readonly before: Version | undefined;
  readonly changes: readonly Finding[];
  readonly sources: readonly SubgraphSource[];
  readonly sourcesBefore: readonly SubgraphSource[];
}

/** What a version changed: for clients, and line by line in each subgraph. */
export function versionPage({ graph, version, before, changes, sources, sourcesBefore }: VersionDetail): string {
  const sdlOf = (list: readonly SubgraphSource[], name: string) => list.find((source) => source.name === name)?.sdl ?? '';
  const names = changedNames(version, before);
  const body = html`
<p>${time(version.publishedAt)} by ${version.by}${version.message && html` — ${version.message}`}</p>
<h2>For clients</h2>
${before ? findingList(changes, 'Clients see no difference.') : html`<p class="quiet">This is the first version.</p>`}
${names.map((name) => html`<h2>${name}</h2>${address(version, before, name)}${diff(diffLines(sdlOf(sourcesBefore, name), sdlOf(sources, name)))}`)}
${names.length === 0 && html`<p class="quiet">Every subgraph is as it was.</p>`}`;
  return document({ title: `Version ${version.number}`, graph, section: 'versions', body });
}

function address(version: Version, before: Version | undefined, name: string): Html | undefined {
  const [was, is] = [before?.subgraphs[name]?.url, version.subgraphs[name]?.url];
  return was === is ? undefined : html`<p>Address: ${was !== undefined && html`<code>${was}</code> → `}<code>${is ?? 'removed'}</code></p>`;
}

/** Names of the subgraphs that differ. */
export function changedNames(version: Version, before: Version | undefined): string[] {
  const names = new Set([...Object.keys(before?.subgraphs ?? {}), ...Object.keys(version.subgraphs)]);
  return [...names].filter((name) => {
    const [was, is] = [before?.subgraphs[name], version.subgraphs[name]];
    return was?.hash !== is?.hash || was?.url !== is?.url;
  });
}

/** Unchanged lines around a change that are shown. */
const CONTEXT = 3;

function diff(lines: readonly DiffLine[]): Html {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same'),
  );
  const shown: Html[] = [];
  let hidden = 0;
  const gap = () => {
    if (hidden > 0) shown.push(html`<span class="gap">… ${hidden} lines as they were</span>`);
    hidden = 0;
  };
  lines.forEach(({ kind, text }, index) => {
    if (!isNear[index]) {
      hidden += 1;
      return;
    }
    gap();
    const sign = kind === 'add' ? '+' : kind === 'remove' ? '-' : ' ';
    shown.push(html`<span class="${kind}">${sign} ${text}</span>`);
  });
  gap();
  return html`<pre class="diff">${shown}</pre>`;
}
