import { expect, test } from 'vitest';
import { type EndedRefund, refundedForGoods } from './refunded-for-goods.ts';

const byHand = (amountMinor: number, facts: Partial<EndedRefund> = {}): EndedRefund => ({
  amountMinor,
  hasSucceeded: true,
  isOfReturn: false,
  takenBackMinor: 0,
  ...facts,
});
const refused = { hasSucceeded: false };

test.each<[string, readonly EndedRefund[], number]>([
  ['none', [], 0],
  ['one by hand', [byHand(80)], 0],
  ['that of a return, whatever it is worth', [byHand(130, { isOfReturn: true })], 130],
  ['that of a return which was refused', [byHand(100, { isOfReturn: true, ...refused }), byHand(100)], 0],
  ['one that took pieces back', [byHand(100, { takenBackMinor: 100 })], 100],
  ['one that kept something for them', [byHand(80, { takenBackMinor: 100 }), byHand(30)], 80],
  ['one that gave more than they cost', [byHand(130, { takenBackMinor: 100 })], 100],
  ['one that took pieces back and was refused', [byHand(100, { takenBackMinor: 100, ...refused })], 0],
  ['the one that was made in its place', [byHand(100, { takenBackMinor: 100, ...refused }), byHand(100)], 100],
  ['more than that', [byHand(100, { takenBackMinor: 100, ...refused }), byHand(130)], 100],
])('what was refunded for goods: %s', (_what, refunds, minor) => {
  expect(refundedForGoods(refunds)).toBe(minor);
});
