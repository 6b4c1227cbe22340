import { randomInt } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that it survives the telephone. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An order number such as K7M2P-9QX4T: 50 random bits, so that knowing one tells nothing about others. */
export function newOrderNumber(random: (max: number) => number = randomInt): string {
  const characters = Array.from({ length: 10 }, () => alphabet[random(alphabet.length)] ?? '0');
  return `${characters.slice(0, 5).join('')}-${characters.slice(5).join('')}`;
}

/** What a person typed, as a number: upper case, Crockford's look-alikes mapped, the hyphen where it belongs. */
export function normaliseOrderNumber(text: string): string {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return /^[0-9A-Z]{10}$/.test(plain) ? `${plain.slice(0, 5)}-${plain.slice(5)}` : '';
}
