import type { Contestant } from './contestants.ts';
import type { Measured } from './measure.ts';

/** What a gateway cost, and how that compares. */
export interface Row {
  readonly name: string;
  readonly sharing: Contestant['sharing'];
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU seconds per 1,000 requests. */
  readonly cost: number;
  readonly memoryMiB: number;
  readonly callsPerRequest: number;
}

export function toRow({ name, sharing }: Contestant, measured: Measured): Row {
  const sorted = measured.latenciesMs.toSorted((a, b) => a - b);
  const percentile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    name,
    sharing,
    perSecond: measured.requests / measured.seconds,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    cost: (measured.cpuSeconds / measured.requests) * 1_000,
    memoryMiB: measured.memoryMiB,
    callsPerRequest: measured.subgraphCalls / measured.requests,
  };
}

/** Rows that others are compared with. */
export interface References {
  readonly stock: Row | undefined;
  readonly bareFetches: Row | undefined;
  readonly bareBytes: Row | undefined;
}

/** A table in Markdown: the more requests per CPU second against a reference, the better. */
export function markdownTable(rows: readonly Row[], { stock, bareFetches, bareBytes }: References): string {
  const times = (row: Row, other: Row | undefined) => (other === undefined ? '' : `${(other.cost / row.cost).toFixed(1)} ×`);
  const share = (row: Row, other: Row | undefined) => (other === undefined ? '' : `${((other.cost / row.cost) * 100).toFixed(0)} %`);
  const cells = (row: Row) => [
    row.name,
    row.sharing,
    row.perSecond.toFixed(0),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
    row.cost.toFixed(2),
    row.callsPerRequest.toFixed(1),
    row.memoryMiB.toFixed(0),
    times(row, stock),
    share(row, bareFetches),
    share(row, bareBytes),
  ];
  const head = [
    ...['gateway', 'sharing', 'requests/s', 'p50 ms', 'p99 ms', 'CPU s per 1,000', 'subgraph calls', 'MiB'],
    ...['× stock', 'of bare, same fetches', 'of bare, same bytes'],
  ];
  const line = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index < 2 ? '---' : '--:'))), ...rows.map((row) => line(cells(row)))].join('\n');
}

const bar = { height: 22, gap: 8, left: 250, width: 520 };

/** The same as a picture: requests per CPU second of those that ask their subgraphs for every request. Whole cached answers are another league. */
export function svgChart(title: string, all: readonly Row[]): string {
  const rows = all.filter(({ name }) => !/response cache|same bytes/.test(name));
  const best = Math.max(...rows.map(({ cost }) => 1_000 / cost));
  const bars = rows.map(({ name, sharing, cost }, index) => {
    const label = sharing === 'yes' && !name.endsWith('sharing') ? `${name} (sharing)` : name;
    const y = 44 + index * (bar.height + bar.gap);
    const perCpuSecond = 1_000 / cost;
    const width = Math.max(2, (perCpuSecond / best) * bar.width);
    const colour = name.startsWith('ours') ? '#0b7285' : name.startsWith('bare') ? '#adb5bd' : '#868e96';
    return [
      `<text x="${bar.left - 10}" y="${y + 16}" text-anchor="end">${label}</text>`,
      `<rect x="${bar.left}" y="${y}" width="${width.toFixed(1)}" height="${bar.height}" rx="3" fill="${colour}"/>`,
      `<text x="${(bar.left + width + 8).toFixed(1)}" y="${y + 16}">${perCpuSecond.toFixed(0)}</text>`,
    ].join('');
  });
  const height = 56 + rows.length * (bar.height + bar.gap);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 ${height}" font-family="sans-serif" font-size="13" role="img"><title>${title}</title><rect width="860" height="${height}" fill="#fff"/><text x="16" y="24" font-size="15" font-weight="bold">${title}</text>${bars.join('')}</svg>\n`;
}
