import { connectRedis } from '@app/cache';
import { testRedis } from '@app/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalThrottle } from './data/throttle/local-throttle.ts';
import { RedisThrottle } from './data/throttle/redis-throttle.ts';
import { FallbackThrottle } from './data/throttle/throttle.ts';
import { delayAfter, signInPerAccount, signInPerAddress, type ThrottleRule } from './domain/throttle-rule.ts';
import { AccountsKit, codes, password } from './testing/accounts-kit.ts';

const rule: ThrottleRule = { name: 'test', free: 3, firstDelaySeconds: 1, maxDelaySeconds: 60, forgetAfterSeconds: 120 };

test('the first attempts are free, then the wait doubles up to its limit', () => {
  expect([1, 2, 3, 4, 5, 6, 9, 50].map((attempts) => delayAfter(rule, attempts))).toEqual([0, 0, 1, 2, 4, 8, 60, 60]);
});

describe.each(['local', 'redis', 'fallback'] as const)('%s', (kind) => {
  let now = 1_800_000_000_000;
  const owned = new AsyncDisposableStack();
  let throttle: LocalThrottle | RedisThrottle | FallbackThrottle;
  beforeAll(async () => {
    const redis = connectRedis(owned.use(await testRedis()).url, () => undefined);
    owned.defer(() => redis.disconnect());
    await new Promise((resolve) => redis.once('ready', resolve));
    const clock = () => now;
    throttle =
      kind === 'local' ? new LocalThrottle(clock) : kind === 'redis' ? new RedisThrottle(redis, clock) : new FallbackThrottle(redis, clock);
  });
  afterAll(() => owned.disposeAsync());

  test('waits as the rule says', async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect(await throttle.attempt(rule, 'a')).toBe(0);
      const wait = delayAfter(rule, attempt + 1);
      waits.push(wait);
      if (wait > 0) expect(await throttle.attempt(rule, 'a')).toBe(wait);
      now += wait * 1000;
    }
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32]);
  });

  test('parallel attempts are counted each', async () => {
    const waits = await Promise.all(Array.from({ length: 10 }, () => throttle.attempt(rule, 'b')));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
  });

  test('forgetting starts anew, giving back takes one attempt away', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) await throttle.attempt(rule, 'c');
    await throttle.giveBack(rule, 'c');
    expect(await throttle.attempt(rule, 'c')).toBe(0);
    expect(await throttle.attempt(rule, 'c')).toBeGreaterThan(0);
    await throttle.forget(rule, 'c');
    expect(await throttle.attempt(rule, 'c')).toBe(0);
  });
});

test('without Redis attempts are counted in the process', async () => {
  const redis = connectRedis('redis://localhost:1', () => undefined);
  const throttle = new FallbackThrottle(redis);
  const waits = [];
  for (let attempt = 0; attempt < 5; attempt += 1) waits.push((await throttle.attempt(rule, 'x')) > 0);
  redis.disconnect();
  expect(waits).toEqual([false, false, false, true, true]);
});

describe('signing in', () => {
  let kit: AccountsKit;
  beforeAll(async () => {
    kit = await AccountsKit.start();
  });
  afterAll(() => kit[Symbol.asyncDispose]());

  test('wrong passwords for one account are slowed down, also aliased in one request', async () => {
    const { email } = await kit.person('target');
    const fields = Array.from(
      { length: 8 },
      (_, index) =>
        `a${index}: sessionCreate(input: $input) { userErrors { __typename code ... on RateLimitedError { retryAfterSeconds } } }`,
    );
    const query = `mutation ($input: SessionCreateInput!) { ${fields.join(' ')} }`;
    const { data } = await kit.ask(query, { input: { email, password: 'wrong password' } });
    const found = Object.values(data ?? {}).flatMap(codes);
    expect(found).toEqual([...Array(5).fill('INVALID_CREDENTIALS'), ...Array(3).fill('RATE_LIMITED')]);
    const right = await kit.signIn(email);
    expect(right).toMatchObject({ accessToken: null, userErrors: [{ __typename: 'RateLimitedError' }] });
    kit.ahead = 2_000;
    expect(codes(await kit.signIn(email))).toEqual([]);
    kit.ahead = 0;
  });

  test('who guesses at an account from elsewhere does not lock its owner out', async () => {
    const { email } = await kit.person('envied');
    const guesses = await Promise.all(Array.from({ length: 20 }, () => kit.signIn(email, 'wrong password', { address: '198.51.100.20' })));
    expect(guesses.flatMap(codes).sort()).toEqual([...Array(5).fill('INVALID_CREDENTIALS'), ...Array(15).fill('RATE_LIMITED')]);
    expect(codes(await kit.signIn(email, password, { address: '198.51.100.21' }))).toEqual([]);
  });

  test('guesses at one account from very many addresses are slowed down to one a minute, until its owner chooses a new password', async () => {
    const { email } = await kit.person('besieged');
    const guess = () => kit.app.throttle.attempt(signInPerAccount, email);
    const besiege = async () => {
      for (let guesses = 0; guesses < signInPerAccount.free; guesses += 1) await guess();
      for (let hour = 0; hour < 8; hour += 1) {
        kit.ahead += 3_600_000;
        await guess();
      }
    };
    await besiege();
    const owner = { address: '198.51.100.30' };
    expect(codes(await kit.signIn(email, password, owner))).toEqual(['RATE_LIMITED']);
    const token = await resetTokenFor(email);
    const reset = 'mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { userErrors { code } } }';
    expect(codes(await kit.mutate(reset, { input: { token, password: 'a new good one' } }, owner))).toEqual([]);
    expect(codes(await kit.signIn(email, 'a new good one', owner))).toEqual([]);
    await besiege();
    kit.ahead += 61_000;
    expect(codes(await kit.signIn(email, 'a new good one', owner))).toEqual([]);
    kit.ahead = 0;
  });

  test('an owner who waits because of others does not wait longer each time', async () => {
    const { email } = await kit.person('patient');
    const guess = () => kit.app.throttle.attempt(signInPerAccount, email);
    for (let guesses = 0; guesses < signInPerAccount.free + 10; guesses += 1) {
      kit.ahead += 61_000;
      await guess();
    }
    const owner = { address: '198.51.100.31' };
    for (let tries = 0; tries < 11; tries += 1) {
      if (tries > 0) await guess();
      expect(codes(await kit.signIn(email, password, owner))).toEqual(['RATE_LIMITED']);
      kit.ahead += 61_000;
    }
    expect(codes(await kit.signIn(email, password, owner))).toEqual([]);
    kit.ahead = 0;
  });

  test('what the address is refused is not held against the account', async () => {
    const from = { address: '198.51.100.40' };
    for (let attempt = 0; attempt < 30; attempt += 1) await kit.app.throttle.attempt(signInPerAddress, from.address);
    const { email } = await kit.person('bystander');
    const tries = await Promise.all(Array.from({ length: 20 }, () => kit.signIn(email, 'wrong password', from)));
    expect(tries.flatMap(codes)).toEqual(Array(20).fill('RATE_LIMITED'));
    const waits = await Promise.all(Array.from({ length: signInPerAccount.free }, () => kit.app.throttle.attempt(signInPerAccount, email)));
    expect(Math.max(...waits)).toBe(0);
  });

  async function resetTokenFor(email: string): Promise<string> {
    await kit.mutate('mutation ($email: String!) { passwordResetRequest(email: $email) { ok } }', { email });
    return kit.mailedToken(email, 'RESET_PASSWORD');
  }

  test('many accounts tried from one address are slowed down', async () => {
    const from = { address: '198.51.100.9' };
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, index) => kit.signIn(`nobody${index}@example.com`, 'wrong password', from)),
    );
    expect(tries.flatMap(codes).filter((code) => code === 'RATE_LIMITED')).toHaveLength(10);
    expect(codes(await kit.signIn('nobody@example.com', 'wrong password', { address: '198.51.100.10' }))).toEqual(['INVALID_CREDENTIALS']);
  });
});

describe('mails that strangers cause', () => {
  const minuteMs = 60_000;
  let kit: AccountsKit;
  beforeAll(async () => {
    kit = await AccountsKit.start();
  });
  afterAll(() => kit[Symbol.asyncDispose]());

  const askForLink = async (email: string, address: string) =>
    codes(
      await kit.mutate(
        'mutation ($email: String!) { passwordResetRequest(email: $email) { userErrors { code } } }',
        { email },
        { address },
      ),
    );
  const linksTo = (recipient: string) => kit.db.mail.findMany({ where: { recipient, kind: 'RESET_PASSWORD' }, orderBy: { id: 'desc' } });

  test('who asks for links to the mailbox of somebody else neither fills it nor keeps its owner from theirs', async () => {
    const { email } = await kit.person('popular');
    const strangers = Array.from({ length: 12 }, (_, index) => `198.51.100.${100 + index}`);
    for (let time = 0; time < 10; time += 1) {
      kit.ahead = time * 30 * minuteMs;
      await Promise.all(strangers.map((address) => askForLink(email, address)));
      expect(await askForLink(email, '203.0.113.5')).toEqual([]);
      const [newest] = await linksTo(email);
      expect(kit.app.now().getTime() - (newest?.createdAt.getTime() ?? 0)).toBeLessThanOrEqual(61 * minuteMs);
    }
    expect((await linksTo(email)).length).toBeLessThanOrEqual(12);
    const input = { token: await kit.mailedToken(email, 'RESET_PASSWORD'), password: 'a new good one' };
    const reset = 'mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { userErrors { code } } }';
    expect(codes(await kit.mutate(reset, { input }))).toEqual([]);
    const before = (await linksTo(email)).length;
    await askForLink(email, '203.0.113.5');
    expect(await linksTo(email)).toHaveLength(before + 1);
    kit.ahead = 0;
  });

  const register = async (email: string, address: string) => {
    const query = 'mutation ($input: AccountRegisterInput!) { accountRegister(input: $input) { userErrors { code } } }';
    return codes(await kit.mutate(query, { input: { email, password, displayName: 'Somebody' } }, { address }));
  };

  test('who registers the address of somebody else again and again does not keep its owner from registering', async () => {
    const strange = await Promise.all(Array.from({ length: 8 }, () => register('wanted@example.com', '198.51.100.130')));
    expect(strange.flat()).toEqual(Array(3).fill('RATE_LIMITED'));
    expect(await register('wanted@example.com', '203.0.113.6')).toEqual([]);
  });

  test('registrations from very many addresses do not fill a mailbox either', async () => {
    const many = await Promise.all(Array.from({ length: 30 }, (_, index) => register('flooded@example.com', `198.51.100.${150 + index}`)));
    expect(many.flat()).toEqual(Array(10).fill('RATE_LIMITED'));
  });
});
