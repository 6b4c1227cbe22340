import { type Html, html } from './html.ts';

/** A point in time, to the minute, in UTC. */
export function time(at: Date | string | null): Html {
  if (at === null) return html`<span class="quiet">never</span>`;
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`;
}

/** A count with separators. */
export function count(value: number | string): string {
  return Number(value).toLocaleString('en-US');
}

/** A duration that is known to within ten percent. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** What part of requests failed. */
export function share(part: number | string, whole: number | string): string {
  const percent = Number(whole) === 0 ? 0 : (Number(part) / Number(whole)) * 100;
  return percent === 0 ? '0 %' : percent < 0.1 ? '< 0.1 %' : `${percent.toFixed(1)} %`;
}

/** A table; a sentence when there are no rows. */
export function table(heads: readonly string[], rows: readonly (readonly unknown[])[], empty: string): Html {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`;
  const cells = (row: readonly unknown[]) => row.map((cell) => html`<td>${cell as Html}</td>`);
  return html`<div class="scroll"><table><thead><tr>${heads.map((head) => html`<th>${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody></table></div>`;
}

/** Requests of each day as bars; days without any are there too. */
export function bars(days: readonly { readonly day: string; readonly requests: number }[]): Html {
  const most = Math.max(1, ...days.map(({ requests }) => requests));
  const bar = ({ day, requests }: { day: string; requests: number }, index: number) => {
    const height = Math.round((requests / most) * 60);
    return html`<rect x="${index * 14}" y="${62 - height}" width="10" height="${Math.max(height, 1)}"><title>${day}: ${count(requests)}</title></rect>`;
  };
  return html`<svg class="bars" viewBox="0 0 ${days.length * 14} 64" role="img" aria-label="Requests per day">${days.map(bar)}</svg>`;
}
