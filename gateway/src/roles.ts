import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createPolicyCheck } from './authorize/check-policy.ts';
import { policies } from './authorize/policies.ts';
import { compileRules } from './authorize/rules.ts';
import { type MatrixFormat, printMatrix, restrictedRows } from './roles/print-matrix.ts';
import { buildRoleMatrix } from './roles/role-matrix.ts';
import { loadSupergraph } from './supergraph/supergraph-generation.ts';

const FORMATS: readonly string[] = ['text', 'json', 'html'];

/** `npm run roles -- [--supergraph FILE] [--format text|json|html] [--all]`: who gets which field of a supergraph. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      supergraph: { type: 'string', default: 'gateway/supergraph.graphql' },
      format: { type: 'string', default: 'text' },
      all: { type: 'boolean', default: false },
    },
  });
  if (!FORMATS.includes(values.format)) throw new Error(`--format is "${values.format}": allowed is ${FORMATS.join(', ')}`);
  const { supergraph, apiSchema } = loadSupergraph(await readFile(values.supergraph, 'utf8'));
  const checkPolicy = createPolicyCheck({
    policies,
    timeoutMs: 1_000,
    onFailure: (policy, reason) => process.stderr.write(`policy ${policy}: ${String(reason)}\n`),
  });
  const rows = await buildRoleMatrix({ schema: apiSchema, rules: compileRules(supergraph.schema, apiSchema), checkPolicy });
  process.stdout.write(printMatrix(values.all ? rows : restrictedRows(rows), values.format as MatrixFormat));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
