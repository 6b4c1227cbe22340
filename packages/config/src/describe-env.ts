import type { EnvShape } from './parse-env.ts';

/** A row of the configuration table. */
export interface EnvRow {
  readonly name: string;
  readonly description: string;
  /** The default as it would be written in the environment; null when the variable must be set or is optional. */
  readonly fallback: string | null;
  readonly required: boolean;
}

/** The variables of a shape as rows, in the order written: what the generated documentation shows. */
export function describeEnv(shape: EnvShape): EnvRow[] {
  return Object.entries(shape).map(([name, schema]) => {
    const empty = schema.safeParse(undefined);
    return {
      name,
      description: schema.description ?? '',
      fallback: empty.success && empty.data !== undefined ? String(empty.data) : null,
      required: !empty.success,
    };
  });
}

/** The rows as a Markdown table. */
export function envTable(shape: EnvShape): string {
  const rows = describeEnv(shape).map(
    (row) =>
      `| \`${row.name}\` | ${row.description} | ${row.required ? 'required' : row.fallback === null ? 'not set' : `\`${row.fallback}\``} |`,
  );
  return ['| variable | what it does | default |', '|---|---|---|', ...rows].join('\n');
}
