/**
 * What Postgres said, found in an error of Prisma (typed client or raw query over the driver adapter) or of node-postgres.
 * Returns the SQLSTATE, or Prisma's own code where it hides the state.
 */
export function databaseErrorCode(error: unknown): string | undefined {
  for (const candidate of causes(error)) {
    const code = candidate['originalCode'] ?? nested(candidate, 'meta', 'code');
    if (typeof code === 'string') return code;
  }
  for (const candidate of causes(error)) if (typeof candidate['code'] === 'string') return candidate['code'];
  return undefined;
}

/** True when Postgres asks for the transaction to be run again: serialization failure or deadlock. */
export function isConflict(error: unknown): boolean {
  return ['40001', '40P01', 'P2034'].includes(databaseErrorCode(error) ?? '');
}

/** True when a unique constraint stood in the way. */
export function isUniqueViolation(error: unknown): boolean {
  return ['23505', 'P2002'].includes(databaseErrorCode(error) ?? '');
}

/** True when a CHECK constraint stood in the way. */
export function isCheckViolation(error: unknown): boolean {
  return databaseErrorCode(error) === '23514';
}

/** True when the same rows would be refused each time: a value, a constraint or a size is in the way, and not the state of the database. */
export function isRefusedForGood(error: unknown): boolean {
  const isUnreadable = error instanceof Error && error.name === 'PrismaClientValidationError';
  return isUnreadable || /^(22|23|54)/.test(databaseErrorCode(error) ?? '');
}

function causes(error: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const queue: unknown[] = [error];
  while (queue.length > 0 && found.length < 10) {
    const next = queue.shift();
    if (typeof next !== 'object' || next === null) continue;
    const record = next as Record<string, unknown>;
    found.push(record);
    queue.push(record['cause'], nested(record, 'meta', 'driverAdapterError'));
  }
  return found;
}

function nested(record: Record<string, unknown>, key: string, inner: string): unknown {
  const value = record[key];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[inner] : undefined;
}
