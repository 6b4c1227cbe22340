import { z } from 'zod';

/** An issuer whose access tokens are accepted, as configuration writes it. */
export const issuerSchema = z.strictObject({
  issuer: z.string().min(1),
  audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  jwksUrl: z.url({ protocol: /^https?$/ }),
  algorithms: z
    .array(z.enum(['EdDSA', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']))
    .min(1)
    .default(['EdDSA']),
  /** `typ` header of access tokens (RFC 9068); null for issuers that do not set it. */
  typ: z.string().nullable().default('at+jwt'),
  requiredClaims: z.array(z.string()).default(['sub', 'jti', 'sid', 'iat', 'exp']),
  maxTokenAgeSeconds: z.number().int().positive().default(900),
  /** Names of the claims to read. */
  claims: z
    .strictObject({
      subject: z.string().default('sub'),
      session: z.string().default('sid'),
      roles: z.string().default('roles'),
      scopes: z.string().default('scope'),
    })
    .prefault({}),
});

/** An issuer, with defaults filled in. */
export type Issuer = z.infer<typeof issuerSchema>;
