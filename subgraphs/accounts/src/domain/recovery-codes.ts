import { createHash, randomInt } from 'node:crypto';

/** How many codes somebody gets when the second factor is switched on. */
export const recoveryCodeCount = 10;

/** Without letters and digits that are taken for each other. */
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** A code such as `K7QP-3XWM-Z9RT`: 12 letters, 58 random bits. */
export function newRecoveryCode(random: (max: number) => number = randomInt): string {
  const letters = Array.from({ length: 12 }, () => alphabet[random(alphabet.length)]).join('');
  return (letters.match(/.{4}/g) ?? []).join('-');
}

/** The stored form of a code, however it was typed. Bound to the account: equal codes of two people look different. */
export function hashRecoveryCode(accountId: string, code: string): string {
  const letters = code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return createHash('sha256').update(`${accountId}\n${letters}`).digest('hex');
}
