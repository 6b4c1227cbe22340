/** A private signing key (RFC 7517, RFC 8037) as it stands in the key file, with when its state last changed. */
export interface StoredKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly kid: string;
  readonly x: string;
  readonly d: string;
  /** When it was published, ISO 8601; absent for a first key, which nobody had to wait for. */
  readonly publishedAt?: string | undefined;
  /** When another key took over signing, ISO 8601. */
  readonly replacedAt?: string | undefined;
}

/** A step was taken too early or there is nothing to do; the message says what to do instead. */
export class RotationError extends Error {
  override readonly name = 'RotationError';
}

/** Gateways keep a key set for five minutes; a key must be known everywhere before it signs. */
const publishedBeforeSigningMs = 10 * 60 * 1000;
/** Tokens of a replaced key live 15 minutes longer, and clocks differ. */
const keptAfterReplacedMs = 20 * 60 * 1000;

/** Step 1: a new key is published and does not sign yet. The first of the list signs. */
export function publishKey(keys: readonly StoredKey[], fresh: StoredKey, now: Date): StoredKey[] {
  const waiting = keys.slice(1).find(({ replacedAt }) => replacedAt === undefined);
  if (waiting) throw new RotationError(`Key ${waiting.kid} is published and waits already: go on with "sign".`);
  return [...keys, { ...fresh, publishedAt: now.toISOString() }];
}

/** Step 2: the published key signs from now on; the old one goes on verifying. */
export function signWithPublished(keys: readonly StoredKey[], now: Date): StoredKey[] {
  const [current, ...others] = keys;
  const next = others.find(({ replacedAt }) => replacedAt === undefined);
  if (!current || !next) throw new RotationError('No published key waits: begin with "publish".');
  const readyAt = Date.parse(next.publishedAt ?? '') + publishedBeforeSigningMs;
  if (readyAt > now.getTime())
    throw new RotationError(`Key ${next.kid} is not known everywhere before ${new Date(readyAt).toISOString()}: sign then.`);
  const rest = others.filter((key) => key !== next);
  return [next, { ...current, replacedAt: now.toISOString() }, ...rest];
}

/** Step 3: replaced keys go, once no token of theirs lives. */
export function retireReplaced(keys: readonly StoredKey[], now: Date): StoredKey[] {
  const replaced = keys.filter(({ replacedAt }) => replacedAt !== undefined);
  if (replaced.length === 0) throw new RotationError('No replaced key is left: nothing to retire.');
  const early = replaced.find(({ replacedAt }) => Date.parse(replacedAt ?? '') + keptAfterReplacedMs > now.getTime());
  if (early) {
    const goneAt = new Date(Date.parse(early.replacedAt ?? '') + keptAfterReplacedMs).toISOString();
    throw new RotationError(`Tokens that key ${early.kid} signed live until ${goneAt}: retire then.`);
  }
  return keys.filter(({ replacedAt }) => replacedAt === undefined);
}
