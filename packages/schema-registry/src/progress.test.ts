import { expect, test } from 'vitest';
import { throttled } from './progress.ts';

test('what is quick is silent; what takes long says what it does once a second', () => {
  let time = 0;
  const lines: string[] = [];
  const progress = throttled(
    (line) => lines.push(line),
    () => time,
  );
  for (time = 0; time <= 2_500; time += 100) progress(`at ${time}`);
  expect(lines).toEqual(['at 1000 …\n', 'at 2000 …\n']);
});
