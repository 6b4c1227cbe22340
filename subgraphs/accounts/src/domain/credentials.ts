import type { InputCheck } from '@app/subgraph';

type Path = readonly string[];

/** Longest password that is looked at: argon2id takes any length, and a megabyte of it would be free work for an attacker. */
export const maxPasswordLength = 128;
const minPasswordLength = 8;

const addressForm = /^[!-?A-~]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z0-9-]{2,63}$/;

/**
 * An e-mail address in the one form it is stored and looked up in: lower case, ASCII. Threat: letters such as the Kelvin sign become ASCII
 * ones in lower case, so that another mailbox passes for somebody's. Consequence: what is not ASCII is refused as it comes.
 */
export function checkEmail(check: InputCheck, value: string, path: Path): string {
  const hint = 'Give an e-mail address such as name@example.com.';
  if (!/^\p{ASCII}*$/u.test(value)) {
    check.add(path, 'INVALID', hint);
    return value;
  }
  return check.text(value.toLowerCase(), path, { max: 254, pattern: { regex: addressForm, hint } });
}

/** A password that is to be set (NIST SP 800-63B: length counts, composition does not). Not trimmed: blanks are part of it. */
export function checkNewPassword(check: InputCheck, value: string, path: Path): string {
  const password = normalizePassword(value);
  const length = [...password].length;
  if (length < minPasswordLength) check.add(path, 'TOO_SHORT', `Choose at least ${minPasswordLength} characters.`);
  else if (new Set(password).size < 4) check.add(path, 'TOO_WEAK', 'Choose a password that is harder to guess.');
  checkPasswordForm(check, password, path);
  return password;
}

/** A password that is to be compared. */
export function checkPassword(check: InputCheck, value: string, path: Path): string {
  const password = normalizePassword(value);
  check.require(password !== '', path, 'REQUIRED', 'Fill this in.');
  checkPasswordForm(check, password, path);
  return password;
}

function checkPasswordForm(check: InputCheck, password: string, path: Path): void {
  check.require(password.length <= maxPasswordLength * 2, path, 'TOO_LONG', `Passwords have at most ${maxPasswordLength} characters.`);
  check.require(password.isWellFormed() && !password.includes('\u0000'), path, 'INVALID_CHARACTERS', 'Remove control characters.');
}

/** The same password typed on two keyboards gives the same text. */
function normalizePassword(value: string): string {
  return value.length > maxPasswordLength * 4 ? value.slice(0, maxPasswordLength * 4) : value.normalize('NFC');
}
