/** `error` fails a check, `warning` is to be read, `info` is for the record. */
export type Severity = 'error' | 'warning' | 'info';

/** A place in a file; lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A registered operation that a finding concerns. */
export interface AffectedOperation {
  readonly name: string;
  /** `client@version` of those who send it. */
  readonly clients: readonly string[];
  /** When it was last seen, as a date; null when nobody reported it yet. */
  readonly lastSeen: string | null;
}

/** One thing that a check has to say. */
export interface Finding {
  readonly severity: Severity;
  /** Stable code in capitals, such as FIELD_REMOVED. */
  readonly code: string;
  /** What is the case. */
  readonly message: string;
  /** Schema coordinate it is about (`Type.field`, `Type.field(arg:)`, `Enum.VALUE`); absent when it is about the whole graph. */
  readonly coordinate?: string;
  readonly place?: SourcePlace;
  readonly operations?: readonly AffectedOperation[];
  /** What to do about it. */
  readonly wayOut?: string;
  /** Reason of the approval that turned an error into a warning. */
  readonly approvedBecause?: string;
}

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Errors first, then by coordinate: the order in which a person wants to read. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (left, right) => order[left.severity] - order[right.severity] || (left.coordinate ?? '').localeCompare(right.coordinate ?? ''),
  );
}

/** True when a check with these findings fails. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
