import { z } from 'zod';

/** A TCP port. */
export const port = (fallback: number): z.ZodType<number> => integer(fallback, 0, 65_535);

/** A whole number between `min` and `max`, with a default. */
export function integer(fallback: number, min: number, max: number): z.ZodType<number> {
  const allowed = `allowed is a whole number from ${min} to ${max}`;
  return z.coerce.number({ error: allowed }).int(allowed).min(min, allowed).max(max, allowed).default(fallback);
}

/** `true` or `false`, with a default. */
export function flag(fallback: boolean): z.ZodType<boolean> {
  return z
    .enum(['true', 'false'], { error: 'allowed is true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true');
}

/** How many proxies of ours are in front, each of which adds who connected to it to X-Forwarded-For: `false` is none, `true` is one. */
export function proxies(): z.ZodType<number> {
  return z.preprocess((value) => (value === 'true' ? 1 : value === 'false' ? 0 : value), integer(0, 0, 10)) as unknown as z.ZodType<number>;
}

/** An absolute URL with one of the protocols (without colon), such as `postgresql`. */
export function url(...protocols: string[]): z.ZodType<string> {
  const allowed = `allowed is a URL starting with ${protocols.map((name) => `${name}://`).join(' or ')}`;
  return z.string({ error: allowed }).refine((value) => hasProtocol(value, protocols), allowed);
}

/** One of the values, with a default. */
export function oneOf<const Value extends string>(values: readonly [Value, ...Value[]], fallback: Value): z.ZodType<Value> {
  return z.enum(values, { error: `allowed is ${values.join(', ')}` }).default(fallback as never) as unknown as z.ZodType<Value>;
}

/** A comma-separated list, trimmed, without empty items. */
export function list(fallback: readonly string[] = []): z.ZodType<string[]> {
  return z
    .string()
    .default(fallback.join(','))
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
}

/** A secret of at least `minLength` characters. */
export function secret(minLength = 32): z.ZodType<string> {
  const allowed = `allowed is a secret of at least ${minLength} characters`;
  return hidden(z.string({ error: allowed }).min(minLength, allowed));
}

/** The schema of a variable that holds secrets, whose value is never printed. Comes last but for `describe`: what is made from it is not hidden. */
export function hidden<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ secret: true });
}

/** Whether a text is an absolute URL with one of the protocols (without colon). */
export function hasProtocol(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1));
}
