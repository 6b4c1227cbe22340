import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { allEvents } from './catalogue/all.ts';
import { defineEvent, type EventDefinition } from './define-event.ts';
import { describeFault, releaseFaults, schemasOf } from './release.ts';
import { addReleases, readReleases } from './release-files.ts';

const v1 = z.object({ orderId: z.string(), lines: z.array(z.object({ quantity: z.int() })) });
const released = schemasOf([defineEvent('order.paid', { 1: { schema: v1 } }) as EventDefinition]);
const faultsOf = (...definitions: readonly EventDefinition[]) => releaseFaults(released, schemasOf(definitions)).map(describeFault);

test('every version of every event is released, and none has changed since', async () => {
  expect(releaseFaults(await readReleases(), schemasOf(allEvents)).map(describeFault)).toEqual([]);
});

describe('a released version', () => {
  test('may be followed by another, which is not released yet', () => {
    const Paid = defineEvent('order.paid', { 1: { schema: v1, up: (data) => data }, 2: { schema: v1.extend({ at: z.string() }) } });
    expect(faultsOf(Paid as EventDefinition)).toEqual([
      'event "order.paid" version 2 is not released yet; when its shape is final: npm run events -- release',
    ]);
  });

  test('may not change: the fault names event, version and each difference', () => {
    const changed = v1.extend({ orderId: z.int(), note: z.string() });
    const Paid = defineEvent('order.paid', { 1: { schema: changed } });
    const [fault] = faultsOf(Paid as EventDefinition);
    expect(fault).toContain('event "order.paid" version 1 was released and has changed; take the change back and add version 2:');
    expect(fault).toContain('properties.orderId.type: was "string", is "integer"');
    expect(fault).toContain('properties.note: was not there, is {"type":"string"}');
    expect(fault).toContain('required: was ["orderId","lines"], is ["orderId","lines","note"]');
  });

  test('may not go away', () => {
    expect(faultsOf()).toEqual([expect.stringContaining('event "order.paid" version 1 was released and is gone')]);
  });
});

test('releasing adds what is new and leaves what stands there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'released-'));
  await addReleases(released, folder);
  await addReleases({ 'order.paid': { 1: { type: 'null' }, 2: { type: 'object' } } }, folder);
  expect(await readReleases(folder)).toEqual({ 'order.paid': { ...released['order.paid'], 2: { type: 'object' } } });
  await rm(folder, { recursive: true });
});
