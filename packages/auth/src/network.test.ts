import { expect, test } from 'vitest';
import { networkOf, throttleKeyOf } from './network.ts';

test.each([
  ['203.0.113.7', '203.0.113.0/24', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.0/24', '203.0.113.7'],
  ['2001:db8:0001:2:3:4:5:6', '2001:db8:1::/48', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0::/48', '2001:db8:0:0::/64'],
  ['::1', '0:0:0::/48', '0:0:0:0::/64'],
  ['203.0.113.7:4711', '203.0.113.0/24', '203.0.113.7'],
  ['[2001:db8::1]:4711', '2001:db8:0::/48', '2001:db8:0:0::/64'],
  ['[2001:db8::1]', '2001:db8:0::/48', '2001:db8:0:0::/64'],
  ['localhost', null, null],
  ['', null, null],
  [null, null, null],
])('%s is of network %s and counted as %s', (address, network, key) => {
  expect(networkOf(address)).toBe(network);
  expect(throttleKeyOf(address)).toBe(key);
});
