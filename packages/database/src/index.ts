export { createAdapter, type PoolOptions } from './adapter.ts';
export { type EncryptedFields, encryptedFields } from './encrypted-fields.ts';
export { databaseErrorCode, isCheckViolation, isConflict, isUniqueViolation } from './errors.ts';
export { isId, newId } from './ids.ts';
export { DecryptionError, KeyRing } from './key-ring.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export { type CreateOptions, createMigration, type DiffOptions, diffMigrations } from './migrate-diff.ts';
export { MigrationError, type MigrationErrorCode } from './migrate-error.ts';
export { type TransactionHost, type TxOptions, withTx } from './with-tx.ts';
