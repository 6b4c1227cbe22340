import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { repositoryCopy } from '../testing/repository-copy.ts';
import { freePortVariables, processesMentioning, standIn, until } from '../testing/stand-in.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/launch.ts', import.meta.url));

interface Dev {
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

function dev(root: string, env: Record<string, string>, args: readonly string[], launcher = LAUNCHER): Dev {
  const child = spawn(process.execPath, [launcher, 'dev', ...args], {
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
  const { output, exited, kill } = dev(copy.path, env, ['reviews'], join(copy.path, 'packages/platform/bin/launch.ts'));
  let seen = 0;
  const says = async (text: RegExp): Promise<void> => {
    await until(() => text.test(output().slice(seen)));
    seen = output().length;
  };
  const serves = (name: string, isThere = true) =>
    until(async () => (await fieldsOfReview(env).catch((): string[] => [])).includes(name) === isThere);
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
    await serves('addedHere');

    await saved(() => copy.edit(PRODUCT, twice, ''), /has the new supergraph/);
    await saved(
      () => copy.edit(REVIEW, FIELD, 'oops('),
      /reviews does not load \(\d+ ms\); it runs on as it was[\s\S]*review\.type\.ts:\d+/,
    );
    await serves('addedHere');
    await saved(() => copy.edit(REVIEW, 'oops(', ''), /has the new supergraph/);
    await serves('addedHere', false);
  } finally {
    kill('SIGINT');
  }
  expect(await exited).toBe(0);
  await delay(100);
  expect(await processesMentioning(copy.path)).toEqual([]);
}, 600_000);

test('a subgraph that is not there, a wrong option, a taken port and a start in the same folder are each told, and nothing stays behind', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  const run = async (args: readonly string[], more: Record<string, string> = {}) => {
    const { output, exited } = dev(root.path, { ...env, ...more }, args);
    return { code: await exited, output: output() };
  };
  expect(await run(['wishes'])).toMatchObject({
    code: 1,
    output: expect.stringMatching(/There is no subgraph wishes\.\n.*accounts, products, reviews, orders/),
  });
  expect(await run(['--far', 'x'])).toMatchObject({ code: 1, output: expect.stringContaining('npm run dev -- [SUBGRAPH …]') });
  expect(await run(['orders', '--remote', '/nowhere'])).toMatchObject({
    code: 1,
    output: expect.stringContaining('/nowhere cannot be read'),
  });

  const first = dev(root.path, env, []);
  await until(() => first.output().includes('Watching accounts, products, reviews, orders.'));
  expect(await run([], await freePortVariables())).toMatchObject({ code: 1, output: expect.stringContaining('It is running already') });
  await using other = await standIn();
  const second = dev(other.path, env, []);
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/Port \d+, needed by .*, is taken by process \d+[\s\S]*_PORT/);
  first.kill('SIGTERM');
  expect(await first.exited).toBe(0);
  expect(await processesMentioning(root.path)).toEqual([]);
}, 300_000);
