import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import apiSchema from '../api-schema.cjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
const text = (file: string): string => readFileSync(`${folder}${file}`, 'utf8');

describe('the documents that clients send', () => {
  let schema: GraphQLSchema;

  beforeAll(async () => {
    schema = await apiSchema(fileURLToPath(new URL('../../gateway/supergraph.graphql', import.meta.url)));
  });

  it('are two dozen or so', () => {
    expect(files.length).toBeGreaterThanOrEqual(12);
  });

  it.each(files)('%s is valid in the schema that clients see', (file) => {
    expect(validate(schema, parse(text(file))).map(({ message }) => message)).toEqual([]);
  });

  it.each(files)('%s holds one operation, named like the file, under a comment that says what it is for', (file) => {
    const operations = parse(text(file)).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition] : [],
    );
    const name = file
      .replace('.graphql', '')
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('');
    expect(operations.map((operation) => operation.name?.value)).toEqual([name]);
    expect(text(file)).toMatch(/^# .+\./);
  });

  it('show a moderator the edit that waits, and not only what was approved before', () => {
    expect(text('moderation-queue.graphql').replaceAll(/\s+/g, ' ')).toContain('pendingEdit { rating title body }');
  });
});
