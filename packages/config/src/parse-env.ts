import { z } from 'zod';

/** Variables of a process, by name, each with a zod schema that has a description (`.describe()`). */
export type EnvShape = Record<string, z.ZodType>;

/** Names a variable, what it was and what is allowed. Thrown at start, before anything runs. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variables: readonly string[];

  constructor(problems: readonly { variable: string; text: string }[]) {
    super(`Wrong configuration:\n${problems.map((problem) => `  ${problem.text}`).join('\n')}`);
    this.variables = problems.map((problem) => problem.variable);
  }
}

/**
 * Reads the variables of `shape` from `env`. An empty string counts as not set.
 * @throws {ConfigError} listing every wrong variable with its value (secrets masked) and what is allowed.
 */
export function parseEnv<Shape extends EnvShape>(
  shape: Shape,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, env[name] === '' ? undefined : env[name]]));
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => describeIssue(issue, shape, given)));
}

function describeIssue(
  issue: z.core.$ZodIssue,
  shape: EnvShape,
  given: Record<string, string | undefined>,
): { variable: string; text: string } {
  const variable = String(issue.path[0] ?? '');
  const value = given[variable];
  const isSecret = isSecretName(variable) || shape[variable]?.meta()?.['secret'] === true;
  const was = value === undefined ? 'is not set' : `is ${isSecret ? '(hidden)' : JSON.stringify(value)}`;
  return { variable, text: `${variable} ${was}: ${issue.message}` };
}

/** True when the name of a variable says that its value must not be printed. URLs count: they carry passwords. */
export function isSecretName(name: string): boolean {
  return /SECRET|PASSWORD|TOKEN|KEY|_URL/.test(name);
}
