import { expect, test } from 'vitest';
import { describeEvent, observeWith } from './describe-event.ts';
import type { WorkflowEvent } from './workflow-event.ts';

const run = { runId: 'run_1', workflow: 'ferry', step: 'sail' };
const error = new Error('fog');

test.each<[WorkflowEvent, string]>([
  [{ kind: 'alarm', status: 'STUCK', ...run, error }, 'error'],
  [{ kind: 'failed', ...run, failures: 2, error }, 'warn'],
  [{ kind: 'taken-over', executor: 'one', runs: 3 }, 'warn'],
  [{ kind: 'unserved', workflow: 'ferry', runs: 1 }, 'error'],
  [{ kind: 'unserved', workflow: 'ferry', runs: 0 }, 'info'],
  [{ kind: 'trouble', where: 'sweep', error }, 'warn'],
  [{ kind: 'engine', level: 'warn', message: 'hm' }, 'warn'],
  [{ kind: 'engine', level: 'info', message: 'hello' }, 'debug'],
  [{ kind: 'ended', runId: 'run_1', workflow: 'ferry', status: 'FAILED', seconds: 1, refusal: null }, 'error'],
  [{ kind: 'ended', runId: 'run_1', workflow: 'ferry', status: 'DONE', seconds: 1, refusal: null }, 'debug'],
  [{ kind: 'attempted', ...run, isCompensation: false, outcome: 'done', seconds: 1 }, 'debug'],
])('%j is told as %s, with what it is about', (event, level) => {
  const described = describeEvent(event);
  expect(described.level).toBe(level);
  expect(Object.keys(described.about).length).toBeGreaterThan(0);
});

test('a log gets events under their level', () => {
  const lines: string[] = [];
  const at = (level: string) => (_about: object, message: string) => void lines.push(`${level}: ${message}`);
  const observe = observeWith({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
  observe({ kind: 'taken-over', executor: 'one', runs: 3 });
  expect(lines).toEqual(['warn: the runs of a dead instance were taken over']);
});
