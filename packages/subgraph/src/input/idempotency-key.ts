import type { TextRule } from './input-check.ts';

/** Form of a client's idempotency key: 8 to 128 visible ASCII characters (a UUID is a good one). */
export const idempotencyKeyRule: TextRule = {
  min: 8,
  max: 128,
  pattern: { regex: /^[\x21-\x7e]+$/, hint: 'Use 8 to 128 visible ASCII characters, such as a UUID.' },
};
