export { type Approval, applyApprovals, readApprovals } from './approvals.ts';
export { type Budgets, readBudgets } from './budgets.ts';
export { type ChangesOptions, findChanges } from './changes.ts';
export { type CheckOptions, check } from './check.ts';
export { type CliSurroundings, runCli } from './cli.ts';
export { apiSchemaOf, type Composition, compose } from './compose.ts';
export { schemaPage } from './docs/schema-page.ts';
export { type Explanation, explain, explanationText, type RoleScopes } from './explain.ts';
export { type AffectedOperation, type Finding, hasErrors, type Severity, type SourcePlace, sortFindings } from './finding.ts';
export { FolderStore } from './folder-store.ts';
export { readGraph, type SubgraphSource, UsageError, withSubgraphs } from './graph.ts';
export { HttpStore, type HttpStoreOptions, RegistryUnavailableError } from './http-store.ts';
export { lint } from './lint.ts';
export { readManifest } from './operation-manifest.ts';
export { coordinatesOf, type OperationUse, type UsedOperation, usesOf } from './operation-use.ts';
export { assertHashes, type RegisteredOperation, readOperations } from './operations.ts';
export { type PictureTitle, planPicture } from './plan-picture.ts';
export {
  type CheckRequest,
  checkAgainst,
  isPublished,
  type Published,
  type PublishNote,
  type RegistryStore,
  type Version,
} from './registry-store.ts';
export { formatReport, type ReportFormat, reportFormats } from './report.ts';
export { isExcluded, operationsInUse, type UsageFilter, windowStart } from './usage-filter.ts';
