/** Some attempts are free, then the wait doubles with each. */
export interface Delays {
  /** Attempts without a wait. */
  readonly free: number;
  /** Wait after the last free attempt, in seconds. */
  readonly firstDelaySeconds: number;
  readonly maxDelaySeconds: number;
}

/** How attempts of one kind are slowed down. */
export interface ThrottleRule extends Delays {
  /** Part of the stored key. */
  readonly name: string;
  /** Attempts are forgotten when none came for so long, in seconds; longer than the longest wait. */
  readonly forgetAfterSeconds: number;
}

const hour = 3_600;

/** Sign-ins to one e-mail address from one network address: guessing. Who guesses makes nobody wait but themselves. */
export const signInPerPair: ThrottleRule = rule('sign-in-pair', 5);
/**
 * Sign-ins to one e-mail address, from wherever: a distributed attack on one account. Threat: whoever knows an address
 * locks its owner out by guessing. Consequence: it begins late and waits a minute at most.
 */
export const signInPerAccount: ThrottleRule = { ...rule('sign-in-account', 100), maxDelaySeconds: 60 };
/** Sign-ins from one network address, to whatever account: password spraying. */
export const signInPerAddress: ThrottleRule = rule('sign-in-address', 30);
/** Passwords given to prove again who holds a session, by account. */
export const proofPerAccount: ThrottleRule = rule('proof-account', 5);
/** Second-factor codes for one account: a code has only a million values. */
export const codePerAccount: ThrottleRule = rule('code-account', 10);
/** Mails that one address makes us send to anybody. */
export const mailPerAddress: ThrottleRule = rule('mail-address', 60);
/** Registrations of one e-mail address from one network address. */
export const registrationPerPair: ThrottleRule = { ...rule('registration-pair', 5), firstDelaySeconds: 60 };
/**
 * Registrations of one e-mail address, from wherever: nobody's mailbox is filled by strangers. It begins late, so that one of them alone does
 * not keep the owner from registering.
 */
export const registrationPerRecipient: ThrottleRule = { ...rule('registration-recipient', 20), firstDelaySeconds: 60 };
/** Between links for a new password to one mailbox, by how many of them still work: see docs/decisions, mails that strangers ask for. */
export const betweenResetLinks: Delays = { free: 3, firstDelaySeconds: 60, maxDelaySeconds: hour };

/** Seconds to wait after attempt number `attempts` (from 1), before the next is let through. */
export function delayAfter({ free, firstDelaySeconds, maxDelaySeconds }: Delays, attempts: number): number {
  if (attempts < free) return 0;
  return Math.min(firstDelaySeconds * 2 ** Math.min(attempts - free, 30), maxDelaySeconds);
}

function rule(name: string, free: number): ThrottleRule {
  return { name, free, firstDelaySeconds: 1, maxDelaySeconds: hour, forgetAfterSeconds: 2 * hour };
}
