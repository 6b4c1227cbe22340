import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { repositoryCopy } from '../testing/repository-copy.ts';
import { freePortVariables, processesMentioning, until } from '../testing/stand-in.ts';

interface Dev {
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

function dev(root: string, env: Record<string, string>, args: readonly string[] = []): Dev {
  const child = spawn(process.execPath, [join(root, 'packages/platform/bin/launch.ts'), 'dev', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { output: () => text, exited, kill: (signal) => child.kill(signal) };
}

async function fieldsOfReview(env: Record<string, string>): Promise<string[]> {
  const response = await fetch(`http://localhost:${env['GATEWAY_PORT']}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __type(name: "Review") { fields { name } } }' }),
  });
  const answer = (await response.json()) as { data?: { __type: { fields: { name: string }[] } } };
  if (answer.data === undefined) throw new Error(JSON.stringify(answer));
  const { data } = answer;
  return data.__type.fields.map(({ name }) => name);
}

const REVIEW = 'subgraphs/reviews/src/graph/review.type.ts';
const PRODUCT = 'subgraphs/reviews/src/graph/product.type.ts';
const FIELD = "  @Field(() => String, { nullable: true, description: 'What this test adds.' })\n  addedHere!: string | null;\n\n";

test('a save prints, composes and serves; what does not compose or load is told with its place while the last good graph serves', async () => {
  await using copy = await repositoryCopy();
  const env = { ...(await freePortVariables()), SEED_SCALE: '0' };
  const { output, exited, kill } = dev(copy.path, env, ['reviews']);
  let seen = 0;
  const says = async (text: RegExp): Promise<void> => {
    await until(() => text.test(output().slice(seen)));
    seen = output().length;
  };
  const serves = (name: string, isThere = true) => until(async () => (await fieldsOfReview(env)).includes(name) === isThere);
  const saved = async (change: () => void, said: RegExp): Promise<void> => {
    change();
    await says(said);
  };
  try {
    await Promise.race([says(/Ready in .*Watching reviews\./), exited.then(() => Promise.reject(new Error(output())))]);
    expect(await fieldsOfReview(env)).not.toContain('addedHere');

    const marker = "  @Field(() => Int, { description: 'Stars, 1 to 5.' })\n  rating";
    await saved(
      () => copy.edit(REVIEW, marker, `${FIELD}${marker}`),
      /schema\.graphql printed \(\d+ ms\)[\s\S]*composed \(\d+ ms\)[\s\S]*has the new supergraph[\s\S]*check passed/,
    );
    await serves('addedHere');

    const twice = "  @Field(() => String, { description: 'Clashes.' })\n  title!: string;\n\n";
    const start = "  @Field(() => ID, { description: 'Stable";
    await saved(
      () => copy.edit(PRODUCT, start, `${twice}${start}`),
      /does not compose \(\d+ ms\); the last good graph is served on[\s\S]*at subgraphs\/\w+\/schema\.graphql:\d+:\d+/,
    );
    expect(await fieldsOfReview(env)).toContain('addedHere');

    await saved(() => copy.edit(PRODUCT, twice, ''), /has the new supergraph/);
    await saved(
      () => copy.edit(REVIEW, FIELD, 'oops('),
      /reviews does not load \(\d+ ms\); it runs on as it was[\s\S]*review\.type\.ts:\d+/,
    );
    expect(await fieldsOfReview(env)).toContain('addedHere');
    await saved(() => copy.edit(REVIEW, 'oops(', ''), /has the new supergraph/);
    await serves('addedHere', false);
  } finally {
    if (process.env['SHOW']) process.stderr.write(output());
    kill('SIGINT');
  }
  expect(await exited).toBe(0);
  await delay(100);
  expect(await processesMentioning(copy.path)).toEqual([]);
}, 240_000);
