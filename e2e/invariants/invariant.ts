import type { Books } from './books.ts';

/** A sentence that has to be true of all databases together. */
export interface Invariant {
  readonly title: string;
  /** What contradicts it, each by its id and how; nothing when it holds. */
  offenders(books: Books): Promise<readonly string[]>;
}

/** What became of one invariant. */
export interface Finding {
  readonly title: string;
  readonly offenders: readonly string[];
}

/** Checks invariants one after the other. One that cannot be checked counts as broken. */
export async function inspect(books: Books, invariants: readonly Invariant[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { title, offenders } of invariants) {
    const found = await offenders(books).catch((error: unknown) => [`could not be checked: ${String(error)}`]);
    findings.push({ title, offenders: found });
  }
  return findings;
}

/** Whether all hold. */
export function allHold(findings: readonly Finding[]): boolean {
  return findings.every(({ offenders }) => offenders.length === 0);
}

const MOST_SHOWN = 10;

/** One line for each invariant, and below it what contradicts it. */
export function findingsTable(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ title, offenders }) => [
    `${offenders.length === 0 ? '✓' : '✗'} ${title}`,
    ...offenders.slice(0, MOST_SHOWN).map((offender) => `    ${offender}`),
    ...(offenders.length > MOST_SHOWN ? [`    … and ${offenders.length - MOST_SHOWN} more`] : []),
  ]);
  const broken = findings.filter(({ offenders }) => offenders.length > 0).length;
  return [...lines, broken === 0 ? `${findings.length} invariants hold` : `${broken} of ${findings.length} invariants are broken`].join(
    '\n',
  );
}
