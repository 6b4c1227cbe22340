import { isIPv4, isIPv6 } from 'node:net';

/** The network of an address: /24 of IPv4, /48 of IPv6; null for anything else. */
export function networkOf(address: string | null): string | null {
  const plain = plainAddress(address);
  if (plain === null) return null;
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  return `${expand(plain).slice(0, 3).join(':')}::/48`;
}

/** What attempts are counted by: an IPv4 address, or the /64 of IPv6, of which everybody has a whole one; null for anything else. */
export function throttleKeyOf(address: string | null): string | null {
  const plain = plainAddress(address);
  if (plain === null) return null;
  return isIPv4(plain) ? plain : `${expand(plain).slice(0, 4).join(':')}::/64`;
}

/** Some proxies write the port too: `203.0.113.7:4711`, `[2001:db8::1]:4711`. With it each connection would be somebody else. */
function plainAddress(address: string | null): string | null {
  if (address === null) return null;
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
  const plain = bare.startsWith('::ffff:') && bare.includes('.') ? bare.slice(7) : bare;
  return isIPv4(plain) || isIPv6(plain) ? plain : null;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...middle, ...right].map((group) => (/^[0-9a-f]+$/i.test(group) ? Number.parseInt(group, 16).toString(16) : group));
}
