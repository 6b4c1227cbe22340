import { isId } from '@app/database';
import { describe, expect, it } from 'vitest';
import { seedId } from './ids.ts';
import { randomFor } from './random.ts';
import { weightedPicker } from './weighted-picker.ts';

describe('seeded randomness', () => {
  it('gives the same numbers for the same label and others for another', () => {
    const draw = (label: string): number[] => {
      const random = randomFor(label);
      return [random.next(), random.next(), random.next()];
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('is spread evenly enough to trust its percentages', () => {
    const shares = Array.from({ length: 10 }, (_, digit) => countOf(digit));
    for (const share of shares) expect(share).toBeGreaterThan(0.08);
    for (const share of shares) expect(share).toBeLessThan(0.12);
  });

  it('samples different items and never more than there are', () => {
    const sample = randomFor('sample').sample([1, 2, 3, 4], 9);
    expect([...sample].sort()).toEqual([1, 2, 3, 4]);
  });

  it('refuses weights that are all zero', () => {
    expect(() => randomFor('w').weighted([['a', 0]])).toThrow(RangeError);
    expect(() => weightedPicker(['a'], () => 0)).toThrow(RangeError);
  });

  it('picks by weight', () => {
    const picker = weightedPicker(['rare', 'never', 'often'], (word) => ({ rare: 1, never: 0, often: 9 })[word] ?? 0);
    const random = randomFor('weights');
    const draws = Array.from({ length: 2_000 }, () => picker.pick(random));
    expect(draws).not.toContain('never');
    expect(draws.filter((word) => word === 'often').length / draws.length).toBeCloseTo(0.9, 1);
  });
});

describe('seeded ids', () => {
  it('are ids as the services make them, the same for the same thing, and sort by time', () => {
    const early = seedId('prd', 'x', new Date('2026-01-01T00:00:00Z'));
    expect(isId('prd', early)).toBe(true);
    expect(seedId('prd', 'x', new Date('2026-01-01T00:00:00Z'))).toBe(early);
    expect(seedId('prd', 'x', new Date('2026-01-02T00:00:00Z')) > early).toBe(true);
    expect(seedId('prd', 'y', new Date('2026-01-01T00:00:00Z'))).not.toBe(early);
  });
});

function countOf(digit: number): number {
  const random = randomFor('shares');
  let hits = 0;
  for (let i = 0; i < 10_000; i += 1) hits += random.int(0, 9) === digit ? 1 : 0;
  return hits / 10_000;
}
