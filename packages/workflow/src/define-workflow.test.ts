import { expect, test } from 'vitest';
import { defineWorkflow, type WorkflowSpec } from './define-workflow.ts';
import { done } from './step.ts';

const run = async () => done();
const compensate = async () => undefined;
const spec = {
  name: 'journey',
  version: 1,
  steps: [
    { name: 'book', run, compensate },
    { name: 'pay', run },
  ],
} satisfies WorkflowSpec<null, null>;

test('a well-formed definition is pinned to its name and version', () => {
  expect(defineWorkflow(spec)).toMatchObject({ key: 'journey@1', undoable: 2, forget: [] });
  expect(defineWorkflow({ ...spec, version: 2, pivot: 'book' })).toMatchObject({ key: 'journey@2', undoable: 1 });
  expect(defineWorkflow({ ...spec, steps: [{ name: 'pay', run }], pivot: null })).toMatchObject({ undoable: 0 });
});

const lame = { name: 'book', compensate } as unknown as (typeof spec.steps)[0];
const empty = { name: 'book' } as unknown as (typeof spec.steps)[0];

test.each<[string, Partial<WorkflowSpec<null, null>>, string]>([
  ['an empty name', { name: '' }, 'workflow "": its name must be lower case letters'],
  ['a name with a space', { name: 'my journey' }, 'workflow "my journey": its name must be'],
  ['a version that is none', { version: 0 }, 'workflow "journey": version must be a whole number from 1, it is 0'],
  ['a half version', { version: 1.5 }, 'it is 1.5'],
  ['no steps', { steps: [] }, 'workflow "journey": it has no steps'],
  ['a step without a name', { steps: [{ name: '', run }] }, 'workflow "journey": step 1: its name must be'],
  [
    'two steps of one name',
    {
      steps: [
        { name: 'pay', run },
        { name: 'pay', run },
      ],
    },
    'there are two steps with the name "pay"',
  ],
  ['a compensation without a step', { steps: [lame] }, 'the compensation "book" has no step that it undoes: add run'],
  ['a step that does nothing', { steps: [empty] }, 'step "book" has no run'],
  ['a pivot that is no step', { pivot: 'fly' }, 'its pivot "fly" is none of its steps'],
  [
    'a compensation after the pivot',
    {
      steps: [
        { name: 'pay', run },
        { name: 'go', run, compensate },
      ],
      pivot: 'pay',
    },
    'the compensation of step "go" would never run',
  ],
  ['a timeout of nothing', { steps: [{ name: 'pay', run, timeoutMs: 0 }] }, 'step "pay": timeoutMs must be positive, it is 0'],
  [
    'a retry of nothing',
    { steps: [{ name: 'pay', run, retry: { maxAttempts: 0 } }] },
    'step "pay": retry.maxAttempts must be at least 1, it is 0',
  ],
  ['no patience', { patience: { ms: -1, refusal: { reason: 'R', message: 'm' } } }, 'patience.ms must be positive, it is -1'],
])('%s is refused by name when it is defined', (_, wrong, message) => {
  expect(() => defineWorkflow({ ...spec, ...wrong })).toThrow(expect.objectContaining({ code: 'WORKFLOW_DEFINITION_INVALID' }));
  expect(() => defineWorkflow({ ...spec, ...wrong })).toThrow(message);
});
