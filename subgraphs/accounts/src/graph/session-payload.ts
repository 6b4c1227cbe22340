import { toPayload } from '@app/subgraph';
import type { SessionGrant } from '../service/open-session.ts';
import { Account } from './account.type.ts';
import { MfaChallenge } from './mfa.type.ts';
import type { SessionPayload } from './payloads.type.ts';

const empty = { account: null, accessToken: null, accessTokenExpiresAt: null, refreshToken: null, mfaChallenge: null };

/** The payload of every mutation that lets somebody in. */
export function toSessionPayload(work: () => Promise<SessionGrant>): Promise<SessionPayload> {
  return toPayload(async () => ({ ...empty, ...face(await work()) }), empty);
}

function face(grant: SessionGrant) {
  if (grant.kind === 'challenge') {
    const { id, expiresAt } = grant.challenge;
    return { mfaChallenge: Object.assign(new MfaChallenge(), { id, kinds: [...grant.kinds], expiresAt }) };
  }
  const { accessToken, accessTokenExpiresAt, refreshToken } = grant;
  return { account: Account.of(grant.account), accessToken, accessTokenExpiresAt, refreshToken };
}
