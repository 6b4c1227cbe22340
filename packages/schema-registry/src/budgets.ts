import { existsSync } from 'node:fs';
import { readYaml, UsageError } from './graph.ts';
import type { OperationFigures } from './operation-figures.ts';

/** The most that operations may take, by name; `*` is for those without a budget of their own. */
export type Budgets = Readonly<Record<string, Partial<OperationFigures>>>;

const FIGURES: readonly string[] = ['cost', 'fetches', 'depth'];

/**
 * Reads budgets: YAML such as `{ "*": { cost: 1000, depth: 4 }, ProductPage: { fetches: 5 } }`. A file that is not there limits nothing.
 * @throws {UsageError} naming the entry that is wrong.
 */
export function readBudgets(file: string): Budgets {
  if (!existsSync(file)) return {};
  const entries: unknown = readYaml(file) ?? {};
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries))
    throw new UsageError(`${file} must map names of operations to budgets.`);
  for (const [name, budget] of Object.entries(entries as Record<string, unknown>)) {
    for (const [figure, limit] of Object.entries((budget ?? {}) as Record<string, unknown>)) {
      if (!FIGURES.includes(figure)) throw new UsageError(`${file}, ${name}: "${figure}" is not one of ${FIGURES.join(', ')}.`);
      if (typeof limit !== 'number' || !(limit >= 0)) throw new UsageError(`${file}, ${name}: ${figure} must be a number from 0.`);
    }
  }
  return entries as Budgets;
}
