/** Why a database could not be brought to the state its migrations describe. */
export type MigrationErrorCode = 'MIGRATION_FAILED' | 'MIGRATION_CHANGED' | 'MIGRATION_UNKNOWN' | 'MIGRATION_UNREADABLE';

/**
 * A migration that cannot be applied or created. `message` says which and why, `remedy` what to do about it; neither
 * contains a connection string.
 */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;
  readonly remedy: string;

  constructor(code: MigrationErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}
