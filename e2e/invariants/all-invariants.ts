import { eventInvariants } from './event-invariants.ts';
import type { Invariant } from './invariant.ts';
import { mailInvariants } from './mail-invariants.ts';
import { moneyInvariants } from './money-invariants.ts';
import { orderInvariants } from './order-invariants.ts';
import { readModelInvariants } from './read-model-invariants.ts';
import { stockInvariants } from './stock-invariants.ts';

/** Everything that has to be true of all databases together. */
export const allInvariants: readonly Invariant[] = [
  ...moneyInvariants,
  ...orderInvariants,
  ...stockInvariants,
  ...readModelInvariants,
  ...eventInvariants,
  ...mailInvariants,
];
