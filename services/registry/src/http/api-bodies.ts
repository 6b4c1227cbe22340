import { z } from 'zod';
import { RegistryError } from '../registry-error.ts';

const MOST_SUBGRAPHS = 500;
const MOST_OPERATIONS = 20_000;
const MOST_FINDINGS = 10_000;
/** A century: longer windows lead to before the calendar of Postgres. */
const MOST_DAYS = 36_500;
/** Postgres cannot keep a null character, which JSON and comments of GraphQL may carry. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not have the character U+0000');
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal');

const subgraph = z.object({
  name: z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'must be a name of a subgraph: letters, digits, - and _, at most 64'),
  url: text(2_000).refine((url) => url === '' || URL.canParse(url), 'must be a URL, or empty'),
  sdl: text(5_000_000),
  file: text(1_000).default(''),
});
const subgraphs = z
  .array(subgraph)
  .min(1, 'must name at least one subgraph')
  .max(MOST_SUBGRAPHS)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'must name each subgraph once')
  .transform((list) => list.map((source) => ({ ...source, file: source.file || `${source.name}.graphql` })));
/** Subgraphs that leave the graph. */
const removed = z.array(text(64)).max(MOST_SUBGRAPHS).default([]);
const note = { by: text(200).default(''), message: text(2_000).default('') };

const place = z.object({ file: text(1_000), line: z.int().min(1), column: z.int().min(1) });

/** Bodies of the API, by route. */
export const bodies = {
  publish: z.object({ ...note, subgraphs, removed }),
  rollback: z.object({ ...note, version: z.int32().min(1) }),
  operations: z.object({
    operations: z
      .array(
        z.object({
          name: text(300),
          document: text(500_000),
          hash,
          clients: z.array(text(200)).max(1_000),
          lastSeen: z.string().nullable().default(null),
        }),
      )
      .max(MOST_OPERATIONS),
  }),
  check: z.object({
    subgraphs,
    removed,
    approvals: z
      .array(z.object({ code: text(200), coordinate: text(500), reason: text(2_000), expires: text(40), place: place.optional() }))
      .max(MOST_FINDINGS)
      .default([]),
    budgets: z
      .record(text(300), z.object({ cost: z.number().min(0), fetches: z.number().min(0), depth: z.number().min(0) }).partial())
      .default({}),
    usage: z
      .object({ days: z.int().min(1).max(MOST_DAYS), minRequests: z.int().min(0), excludedClients: z.array(text(200)).max(1_000) })
      .partial()
      .default({}),
  }),
};

const query = z.object({
  days: z.coerce.number().int().min(1).max(MOST_DAYS).optional(),
  minRequests: z.coerce.number().int().min(0).optional(),
  exclude: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
});

/** Which operations are asked for, from the query string. */
export const usageQuery = query.transform(({ days, minRequests, exclude }) => ({
  ...(days !== undefined && { days }),
  ...(minRequests !== undefined && { minRequests }),
  excludedClients: exclude,
}));

/** How many versions are asked for. */
export const historyQuery = z.object({ last: z.coerce.number().int().min(1).optional() });

/** Checks what a request carries. @throws {RegistryError} `WRONG_FIELD` naming the first field that is wrong and what is allowed. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.map(String).join('.') || 'the body';
  throw new RegistryError('WRONG_FIELD', `${where}: ${issue?.message ?? 'is wrong'}. See the README of the registry for what is expected.`);
}
