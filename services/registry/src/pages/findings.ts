import type { Finding } from '@app/schema-registry';
import { table } from './format.ts';
import { type Html, html } from './html.ts';

const words = { error: ['bad', 'error'], warning: ['warn', 'warning'], info: ['quiet', 'note'] } as const;

/** Findings as a table, in their order. */
export function findingList(findings: readonly Finding[], empty: string): Html {
  const rows = findings.map((finding) => {
    const [style, word] = words[finding.severity];
    return [html`<span class="${style}">${word}</span>`, html`<code>${finding.coordinate ?? ''}</code>`, explanation(finding)];
  });
  return table(['', 'where', 'what'], rows, empty);
}

function explanation({ code, message, place, operations = [], approvedBecause, wayOut }: Finding): Html {
  return html`${message} <span class="tag">${code}</span>
${place && html`<div class="quiet">${place.file}:${place.line}:${place.column}</div>`}
${operations.map(({ name, clients, lastSeen }) => html`<div>used by <b>${name}</b> <span class="quiet">${clients.join(', ')}${lastSeen && `, last seen ${lastSeen.slice(0, 10)}`}</span></div>`)}
${approvedBecause && html`<div class="good">approved: ${approvedBecause}</div>`}
${wayOut && html`<div class="quiet">→ ${wayOut}</div>`}`;
}
