import { compose } from './compose.ts';
import { schemaPage } from './docs/schema-page.ts';
import { explain, explanationText, type RoleScopes } from './explain.ts';
import type { Finding } from './finding.ts';
import { readGraph, readText, readYaml, UsageError, writeText } from './graph.ts';
import { planPicture } from './plan-picture.ts';

/** What the commands that only look need of a call. */
export interface LookCall {
  readonly values: {
    readonly config: string;
    readonly svg?: string;
    readonly operation?: string;
    readonly roles?: string;
    readonly out?: string;
  };
  readonly rest: readonly string[];
  readonly roles?: RoleScopes;
  readonly write: (text: string) => void;
  readonly report: (findings: readonly Finding[]) => number;
}

/** Plans an operation, as text and as a picture. */
export function runExplain({ values, rest: [file], roles: known, report, write }: LookCall): number {
  if (file === undefined) throw new UsageError('Give the file of an operation: explain FILE.');
  const { supergraph, findings } = compose(readGraph(values.config));
  if (supergraph === null) return report(findings);
  const roles = values.roles === undefined ? known : readRoles(values.roles);
  const explanation = explain(supergraph, { text: readText(file), file, operationName: values.operation, roles });
  write(explanationText(explanation));
  if (values.svg === undefined) return 0;
  writeText(values.svg, planPicture(explanation.plan, explanation));
  write(`The plan is drawn in ${values.svg}.\n`);
  return 0;
}

/** Writes the reference of the schema. */
export function runDocs({ values, report, write }: LookCall): number {
  const { supergraph, findings } = compose(readGraph(values.config));
  if (supergraph === null) return report(findings);
  const out = values.out ?? 'schema.html';
  writeText(out, schemaPage(supergraph));
  write(`The reference of the schema is in ${out}.\n`);
  return 0;
}

function readRoles(file: string): RoleScopes {
  const roles = readYaml(file);
  const isRoles = (value: unknown): value is RoleScopes =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((scopes) => Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string'));
  if (!isRoles(roles)) throw new UsageError(`${file} must map roles to lists of scopes: "SUPPORT: [orders:read]".`);
  return roles;
}
