export { createAdapter, type PoolOptions } from './adapter.ts';
export { databaseErrorCode, isCheckViolation, isConflict, isUniqueViolation } from './errors.ts';
export { isId, newId } from './ids.ts';
export { type TransactionHost, type TxOptions, withTx } from './with-tx.ts';
