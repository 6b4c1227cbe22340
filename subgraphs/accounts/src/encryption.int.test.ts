import { KeyRing } from '@app/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotateSecrets } from './data/client.ts';
import { AccountsKit, encryptionKeys, type Person } from './testing/accounts-kit.ts';

let kit: AccountsKit;
let person: Person;
const postal = { name: 'Ada', line1: 'Hauptstraße 1', line2: 'Hinterhaus', city: 'Bonn', countryCode: 'DE', phone: '+49 228 1234' };

beforeAll(async () => {
  kit = await AccountsKit.start();
  person = await kit.person('ada');
  const create = 'mutation ($input: AddressInput!) { addressCreate(input: $input) { address { id } userErrors { code } } }';
  await kit.mutate(create, { input: { postal } }, person);
  await kit.mutate('mutation { mfaTotpEnrol { otpauthUrl userErrors { code } } }', {}, person);
});
afterAll(() => kit[Symbol.asyncDispose]());

const rawAddress = async () => (await kit.db.$queryRawUnsafe<Record<string, string>[]>('SELECT line1, line2, phone, city FROM address'))[0];

test('raw rows hold nothing that a thief could read, and the owner reads it all', async () => {
  const raw = await rawAddress();
  expect([raw?.['line1'], raw?.['line2'], raw?.['phone']].every((text) => KeyRing.isEncrypted(text ?? ''))).toBe(true);
  expect(JSON.stringify(raw)).not.toMatch(/Haupt|Hinterhaus|1234/);
  const { data } = await kit.ask('{ me { addresses { postal { line1 line2 phone city } } } }', {}, person);
  expect(data?.['me']?.['addresses']).toEqual([
    { postal: { line1: 'Hauptstraße 1', line2: 'Hinterhaus', phone: '+49 228 1234', city: 'Bonn' } },
  ]);
  const [factor] = await kit.db.$queryRawUnsafe<{ secret: string }[]>('SELECT secret FROM mfa_factor');
  expect(KeyRing.isEncrypted(factor?.secret ?? '')).toBe(true);
});

test('the database refuses plain text, whoever writes it', async () => {
  await expect(kit.db.$executeRawUnsafe("UPDATE address SET line1 = 'plain'")).rejects.toThrow(/address_line1_encrypted/);
  await expect(kit.db.$executeRawUnsafe("UPDATE mfa_factor SET secret = 'plain'")).rejects.toThrow(/mfa_factor_secret_encrypted/);
});

test('after rotation everything is under the new key and the old one can go', async () => {
  const next = `k2:${Buffer.alloc(32, 2).toString('base64')}`;
  const ring = KeyRing.parse(`${next},${encryptionKeys}`);
  expect(await rotateSecrets(kit.db, ring)).toBe(4);
  expect(await rotateSecrets(kit.db, ring)).toBe(0);
  const raw = await rawAddress();
  expect(KeyRing.parse(next).decrypt(raw?.['line1'] ?? '', 'Address.line1')).toBe('Hauptstraße 1');
});
