import { expect, test } from 'vitest';
import { publishKey, retireReplaced, type StoredKey, signWithPublished } from './key-rotation.ts';

const key = (kid: string): StoredKey => ({ kty: 'OKP', crv: 'Ed25519', kid, x: 'x', d: 'd' });
const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const kids = (keys: readonly StoredKey[]) => keys.map(({ kid }) => kid);

test('publish, sign, retire: at each step the right key signs and every live token verifies', () => {
  const published = publishKey([key('old')], key('new'), at(0));
  expect(kids(published)).toEqual(['old', 'new']);
  const signing = signWithPublished(published, at(10));
  expect(kids(signing)).toEqual(['new', 'old']);
  expect(kids(retireReplaced(signing, at(30)))).toEqual(['new']);
});

test('no step is taken too early', () => {
  const published = publishKey([key('old')], key('new'), at(0));
  expect(() => signWithPublished(published, at(9))).toThrow('Key new is not known everywhere before 2026-01-01T00:10:00.000Z');
  expect(() => publishKey(published, key('newer'), at(1))).toThrow('waits already');
  const signing = signWithPublished(published, at(10));
  expect(() => retireReplaced(signing, at(29))).toThrow('Tokens that key old signed live until 2026-01-01T00:30:00.000Z');
});

test('a step with nothing to do says what comes first', () => {
  expect(() => signWithPublished([key('old')], at(0))).toThrow('begin with "publish"');
  expect(() => signWithPublished([], at(0))).toThrow('begin with "publish"');
  expect(() => retireReplaced([key('old')], at(0))).toThrow('nothing to retire');
});
