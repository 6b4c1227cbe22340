import { type AffectedOperation, type Finding, hasErrors } from './finding.ts';

/** How a report is written. */
export const reportFormats = ['text', 'json', 'github', 'markdown', 'sarif'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Findings in a format: for a terminal, a program, GitHub's annotations, a pull request's comment, or code scanning (SARIF 2.1.0). */
export function formatReport(findings: readonly Finding[], format: ReportFormat): string {
  switch (format) {
    case 'text':
      return textReport(findings);
    case 'json':
      return `${JSON.stringify({ ok: !hasErrors(findings), findings }, null, 2)}\n`;
    case 'github':
      return findings.map(annotation).join('');
    case 'markdown':
      return markdownReport(findings);
    case 'sarif':
      return sarifReport(findings);
  }
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const verdict = hasErrors(findings) ? 'failed' : 'passed';
  return `Schema check ${verdict}: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes.`;
}

function textReport(findings: readonly Finding[]): string {
  const blocks = findings.map((finding) => {
    const lines = [
      `${finding.severity.toUpperCase().padEnd(7)} ${finding.code}${finding.coordinate ? ` ${finding.coordinate}` : ''}`,
      `        ${finding.message}`,
      ...(finding.place ? [`        at ${finding.place.file}:${finding.place.line}:${finding.place.column}`] : []),
      ...(finding.operations ?? []).map((operation) => `        used by ${operationText(operation)}`),
      ...(finding.approvedBecause ? [`        approved: ${finding.approvedBecause}`] : []),
      ...(finding.wayOut ? [`        → ${finding.wayOut}`] : []),
    ];
    return `${lines.join('\n')}\n`;
  });
  return `${blocks.join('\n')}${blocks.length > 0 ? '\n' : ''}${summary(findings)}\n`;
}

function operationText({ name, clients, lastSeen }: AffectedOperation): string {
  return `${name} (${firstOf(clients, MOST_CLIENTS).join(', ')}${lastSeen ? `, last seen ${lastSeen.slice(0, 10)}` : ''})`;
}

/** Clients choose their names and versions, so there may be any number. */
const MOST_CLIENTS = 5;

function firstOf(names: readonly string[], most: number): string[] {
  if (names.length <= most) return [...names];
  return [...names.slice(0, most - 1), `${names[most - 1]} and ${names.length - most} more`];
}

/** GitHub's workflow commands: `::error file=…,line=…::message`. */
function annotation(finding: Finding): string {
  const level = finding.severity === 'info' ? 'notice' : finding.severity;
  const place = finding.place ? `file=${escapeProperty(finding.place.file)},line=${finding.place.line},col=${finding.place.column},` : '';
  const text = [finding.message, ...(finding.operations ?? []).map(operationText), finding.wayOut].filter(Boolean).join('\n');
  return `::${level} ${place}title=${escapeProperty(finding.code)}::${escapeData(text)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** GitHub takes comments of 65,536 characters. */
const LONGEST_MARKDOWN = 60_000;
const MOST_OPERATIONS = 20;

function markdownReport(findings: readonly Finding[]): string {
  const icon = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const rows = findings.map((finding) => {
    const users = firstOf((finding.operations ?? []).map(operationText).map(codeSpan), MOST_OPERATIONS).join('; ');
    const note = [finding.message, finding.approvedBecause && `Approved: ${finding.approvedBecause}`, finding.wayOut]
      .filter(Boolean)
      .join(' ');
    return `| ${icon[finding.severity]} ${finding.code} | ${finding.coordinate ? `\`${finding.coordinate}\`` : ''} | ${cell(note)} | ${cell(users)} |`;
  });
  const shown = fitting(rows, LONGEST_MARKDOWN);
  const table =
    rows.length > 0 ? `\n| finding | coordinate | what and what to do | used by |\n|---|---|---|---|\n${shown.join('\n')}\n` : '';
  const rest = shown.length < rows.length ? `\n… and ${rows.length - shown.length} more: the log of the check has all of them.\n` : '';
  return `## ${summary(findings)}\n${table}${rest}`;
}

/** Clients name themselves: as code there are no links, pictures and mentions. */
function codeSpan(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** The first rows that are no longer than so many characters together. */
function fitting(rows: readonly string[], characters: number): readonly string[] {
  let left = characters;
  const end = rows.findIndex((row) => {
    left -= row.length + 1;
    return left < 0;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/** SARIF 2.1.0 (OASIS). File names become URI references; what has no place in a file is named by its coordinate. */
function sarifReport(findings: readonly Finding[]): string {
  const level = { error: 'error', warning: 'warning', info: 'note' } as const;
  const codes = [...new Set(findings.map(({ code }) => code))];
  const results = findings.map((finding) => ({
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: level[finding.severity],
    message: { text: [finding.message, ...(finding.operations ?? []).map(operationText), finding.wayOut].filter(Boolean).join('\n') },
    locations: sarifLocations(finding),
    ...(finding.approvedBecause && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: finding.approvedBecause }],
    }),
  }));
  const driver = { name: 'supergraph-schema', rules: codes.map((id) => ({ id })) };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [{ tool: { driver }, results }] }, null, 2)}\n`;
}

function sarifLocations({ place, coordinate }: Finding): unknown[] {
  if (!place && coordinate === undefined) return [];
  const region = place && { startLine: place.line, startColumn: place.column };
  return [
    {
      ...(place && { physicalLocation: { artifactLocation: { uri: encodeURI(place.file) }, region } }),
      ...(coordinate !== undefined && { logicalLocations: [{ fullyQualifiedName: coordinate }] }),
    },
  ];
}
