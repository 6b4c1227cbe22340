export { findChanges } from './changes.ts';
export { type CheckOptions, check } from './check.ts';
export { apiSchemaOf, compose } from './compose.ts';
export type { Finding } from './finding.ts';
export { type SubgraphSource, UsageError } from './graph.ts';
