import type { EventEnvelope } from '../envelope.ts';
import { isStorable } from '../storable-json.ts';

/** Type of what stands for an entry of a log that holds no event. No event has it: names of events have one dot. */
export const UNREADABLE_TYPE = 'transport.entry.unreadable';

/** Where an entry stands in the log. */
export interface EntryPlace {
  readonly source: string;
  readonly partition: number;
  readonly position: number;
}

const TEXTS = ['id', 'type', 'source', 'subject', 'time', 'dataschema', 'streamtype'] as const;

/**
 * The event of an entry. Somebody else may have written to the log, or damaged it: what is no event of this place becomes
 * an envelope of {@link UNREADABLE_TYPE} in a stream of its own, so that it is parked by name and nothing waits for it.
 */
export function readEntry(text: string, place: EntryPlace): EventEnvelope {
  const { event, reason } = parse(text, place);
  return event ?? unreadable(text, place, reason);
}

function parse(text: string, { source, position }: EntryPlace): { readonly event?: EventEnvelope; readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'it is no JSON' };
  }
  if (!isRecord(value)) return { reason: 'it is no object' };
  const missing = TEXTS.find((name) => typeof value[name] !== 'string');
  if (missing !== undefined) return { reason: `it has no "${missing}"` };
  if (value['source'] !== source) return { reason: `it says it is of "${String(value['source'])}"` };
  if (value['position'] !== position) return { reason: `it says it is at ${JSON.stringify(value['position'])}` };
  if (!Number.isInteger(value['streamversion'])) return { reason: 'it has no "streamversion"' };
  // Written again, since any character may be escaped in what somebody else wrote.
  if (text.includes('\\u') && !isStorable(JSON.stringify(value))) return { reason: 'it has text that no database can store' };
  return { event: value as unknown as EventEnvelope, reason: '' };
}

function unreadable(text: string, { source, partition, position }: EntryPlace, reason: string): EventEnvelope {
  return {
    specversion: '1.0',
    id: `unreadable_${source}_${position}`,
    type: UNREADABLE_TYPE,
    source,
    subject: `${partition}/${position}`,
    time: new Date(0).toISOString(),
    datacontenttype: 'application/json',
    dataschema: UNREADABLE_TYPE,
    data: { reason: storable(reason), entry: storable(text.slice(0, 2_000)) },
    streamtype: UNREADABLE_TYPE,
    streamversion: 1,
    position,
  };
}

function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
