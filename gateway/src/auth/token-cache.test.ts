import { userPrincipal } from '@app/auth';
import { expect, test } from 'vitest';
import { rememberVerified } from './token-cache.ts';

const verified = { principal: userPrincipal('usr_1', 'ses_1', []), tokenId: 't1', expiresAtMs: 1_000 };

test('a token is verified once while it lives, and again when it has expired', async () => {
  let [verifications, clock] = [0, 0];
  const count = async () => {
    verifications++;
    return verified;
  };
  const verify = rememberVerified(count, { max: 10, now: () => clock });
  await verify('a');
  await verify('a');
  expect(verifications).toBe(1);
  clock = 1_000;
  await verify('a');
  expect(verifications).toBe(2);
});

test('refusals are not remembered', async () => {
  let verifications = 0;
  const refuse = () => {
    verifications++;
    return Promise.reject(new Error('no'));
  };
  const verify = rememberVerified(refuse, { max: 10 });
  await expect(verify('a')).rejects.toThrow();
  await expect(verify('a')).rejects.toThrow();
  expect(verifications).toBe(2);
});

test('ten thousand tokens are not all remembered', async () => {
  let verifications = 0;
  const count = async () => {
    verifications++;
    return verified;
  };
  const verify = rememberVerified(count, { max: 100, now: () => 0 });
  for (let index = 0; index < 10_000; index++) await verify(`token-${index}`);
  await verify('token-9999');
  expect(verifications).toBe(10_000);
  await verify('token-0');
  expect(verifications).toBe(10_001);
});
