import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

/** A person registered; stream: the user id. */
export const AccountRegistered = defineEvent('account.registered', {
  1: { schema: z.object({ userId: z.string(), displayName: z.string() }) },
});

/** The e-mail address was confirmed. */
export const AccountVerified = defineEvent('account.verified', {
  1: { schema: z.object({ userId: z.string() }) },
});

/** Public parts of the profile changed; the event carries all of them as they are now. */
export const AccountProfileUpdated = defineEvent('account.profile_updated', {
  1: { schema: z.object({ userId: z.string(), displayName: z.string() }) },
});

/** The account holder asked to be erased; subgraphs prepare. */
export const AccountErasureRequested = defineEvent('account.erasure_requested', {
  1: { schema: z.object({ userId: z.string() }) },
});

/** Personal data is to be gone: texts may stay, authors become null. */
export const AccountErased = defineEvent('account.erased', {
  1: { schema: z.object({ userId: z.string() }) },
});
