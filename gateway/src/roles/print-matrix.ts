import { audiences, type MatrixRow } from './role-matrix.ts';

/** How a matrix is written. */
export type MatrixFormat = 'text' | 'json' | 'html';

/** Rows that not everybody gets; the others say nothing about roles. */
export function restrictedRows(rows: readonly MatrixRow[]): MatrixRow[] {
  return rows.filter((row) => Object.keys(row.paths).length < audiences.length);
}

/** Writes a matrix. */
export function printMatrix(rows: readonly MatrixRow[], format: MatrixFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows, null, 2)}\n`;
    case 'html':
      return toHtml(rows);
    case 'text':
      return toText(rows);
  }
}

function toText(rows: readonly MatrixRow[]): string {
  const header = ['field', ...audiences, 'requires', 'path'];
  const lines = [header, ...rows.map(cellsOf)];
  const widths = header.map((_name, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  return `${lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}

function toHtml(rows: readonly MatrixRow[]): string {
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const style =
    'body{font:14px system-ui}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 8px;text-align:left}th{position:sticky;top:0;background:#eee}';
  const body = rows.map((row) => line(cellsOf(row), 'td')).join('\n');
  return `<!doctype html><meta charset="utf-8"><title>Who gets what</title><style>${style}</style><table>\n${line(['field', ...audiences, 'requires', 'path'], 'th')}\n${body}\n</table>\n`;
}

function cellsOf(row: MatrixRow): string[] {
  const marks = audiences.map((audience) => (row.paths[audience] === undefined ? '-' : 'yes'));
  const path = audiences.map((audience) => row.paths[audience]).find((found) => found !== undefined) ?? '(nobody)';
  return [row.coordinate, ...marks, row.requires.join(' and '), path];
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
