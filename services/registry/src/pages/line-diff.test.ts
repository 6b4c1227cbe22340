import { expect, test } from 'vitest';
import { type DiffLine, diffLines } from './line-diff.ts';

const short = (lines: readonly DiffLine[]) =>
  lines.map(({ kind, text }) => `${{ same: ' ', add: '+', remove: '-' }[kind]}${text}`).join('|');
const apply = (lines: readonly DiffLine[], side: 'add' | 'remove') =>
  lines
    .filter(({ kind }) => kind === 'same' || kind === side)
    .map(({ text }) => text)
    .join('\n');

test.each([
  ['a', 'a', ' a'],
  ['a\nb\nc', 'a\nc', ' a|-b| c'],
  ['a\nc', 'a\nb\nc', ' a|+b| c'],
  ['a\nb', 'a\nB', ' a|-b|+B'],
  ['', 'a', '-|+a'],
])('from %j to %j', (before, after, expected) => expect(short(diffLines(before, after))).toBe(expected));

test('whatever the texts, the difference leads from one to the other, and is shortest on lines that moved', () => {
  let seed = 20261121;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 300; round += 1) {
    const text = () => Array.from({ length: random(12) }, () => 'abcd'[random(4)]).join('\n');
    const [before, after] = [text(), text()];
    const lines = diffLines(before, after);
    expect(apply(lines, 'remove'), `seed 20261121, round ${round}`).toBe(before);
    expect(apply(lines, 'add'), `seed 20261121, round ${round}`).toBe(after);
  }
});

test('texts that have nothing in common are shown one after the other', () => {
  const many = (name: string) => Array.from({ length: 2_000 }, (_, index) => `${name} ${index}`).join('\n');
  const lines = diffLines(many('a'), many('b'));
  expect([lines[0]?.kind, lines.at(-1)?.kind, lines.length]).toEqual(['remove', 'add', 4_000]);
});
