import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');
let folder: string;
let bare: string;
let clone: string;

const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** The script of a workflow's step, as GitHub would run it. */
function scriptOf(workflow: string, id: string): string {
  const { jobs } = parse(readFileSync(join(root, '.github/workflows', workflow), 'utf8')) as {
    jobs: Record<string, { steps: { id?: string; run?: string }[] }>;
  };
  const script = Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .find((step) => step.id === id)?.run;
  if (script === undefined) throw new Error(`${workflow} has no step ${id}`);
  return script;
}

function run(script: string): { code: number | null; text: string; summary: string } {
  const summaryFile = join(folder, 'summary.md');
  writeFileSync(summaryFile, '');
  const env = { ...process.env, GITHUB_STEP_SUMMARY: summaryFile, GITHUB_ACTOR: 'ann' };
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], { cwd: clone, env, encoding: 'utf8' });
  return { code: status, text: stdout + stderr, summary: readFileSync(summaryFile, 'utf8') };
}

/** The repository as it is here, with what is not committed yet, as a bare one with a clone: nothing leaves this machine. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workflows-'));
  bare = join(folder, 'origin.git');
  clone = join(folder, 'clone');
  const files = git(root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0').filter(Boolean);
  execFileSync('mkdir', ['-p', clone]);
  execFileSync('tar', ['-C', root, '-cf', join(folder, 'tree.tar'), '--ignore-failed-read', '-T', '-'], { input: files.join('\n') });
  execFileSync('tar', ['-C', clone, '-xf', join(folder, 'tree.tar')]);
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  git(clone, 'init', '--quiet', '--initial-branch=main');
  for (const setting of ['user.name=test', 'user.email=test@example.com'])
    git(clone, 'config', ...(setting.split('=') as [string, string]));
  git(clone, 'remote', 'add', 'origin', bare);
  git(clone, 'add', '.');
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  git(clone, 'commit', '--quiet', '--message', 'as it is');
  expect(run('npm run --silent schema -- publish --by test --message base').code).toBe(0);
  git(clone, 'add', 'registry');
  git(clone, 'commit', '--quiet', '--allow-empty', '--message', 'published');
  git(clone, 'push', '--quiet', 'origin', 'main');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  git(clone, 'checkout', '--quiet', '--force', 'main');
  git(clone, 'clean', '--quiet', '-fd', '--exclude', 'node_modules');
});

type Edit = readonly [subgraph: string, from: string, to: string];

function edit([subgraph, from, to]: Edit): void {
  const file = join(clone, 'subgraphs', subgraph, 'schema.graphql');
  const sdl = readFileSync(file, 'utf8');
  if (!sdl.includes(from)) throw new Error(`${subgraph} has no "${from}"`);
  writeFileSync(file, sdl.replace(from, to));
}

const needed: Edit = [
  'products',
  '  """Brand."""\n  brand: String\n',
  '  """Brand."""\n  brand: String\n  """Code for labels."""\n  labelCode: String\n',
];
const importing: Edit = ['reviews', '"@provides", ', '"@provides", "@requires", '];
const needing: Edit = [
  'reviews',
  'type Product @key(fields: "id") @cacheControl(maxAge: 30) {\n',
  'type Product @key(fields: "id") @cacheControl(maxAge: 30) {\n  """From products."""\n  labelCode: String @external\n  """What is printed on it."""\n  label: String @requires(fields: "labelCode")\n',
];

test.each<[string, readonly Edit[], number, RegExp]>([
  ['a field that is added', [['products', '  brand: String\n', '  brand: String\n  """Short title."""\n  subtitle: String\n']], 0, /^$/m],
  [
    'a field that goes and that nobody uses',
    [['products', '  """When it went on sale first."""\n  publishedAt: DateTime\n', '']],
    0,
    /::warning .*FIELD_REMOVED.*/,
  ],
  [
    'a field that goes and that is used',
    [['products', '  """Brand."""\n  brand: String\n', '']],
    1,
    /::error .*FIELD_REMOVED.*[\s\S]*ProductPage/,
  ],
  [
    'a sign-in that is no longer needed',
    [['accounts', '  me: Account @authenticated', '  me: Account']],
    1,
    /::error .*ACCESS_WIDENED.*Query\.me lets anybody reach/,
  ],
  [
    'a list that becomes dearer',
    [['products', 'options: [ProductOption!]! @listSize(assumedSize: 3)', 'options: [ProductOption!]! @listSize(assumedSize: 3000)']],
    1,
    /::error .*OPERATION_COST_GROWN.*ProductPage costs/,
  ],
  ['a subgraph that composes only together with another', [importing, needing], 1, /::error /],
  ['both of them', [needed, importing, needing], 0, /^$/m],
  ['SDL with a mistake', [['products', 'brand: String', 'brand String']], 1, /::error file=subgraphs\/products\/schema\.graphql,line=\d+/],
  [
    'a new enum value that is read',
    [['products', 'enum ProductStatus {', 'enum ProductStatus {\n  """Not yet."""\n  ANNOUNCED']],
    0,
    /ENUM_VALUE_ADDED/,
  ],
  [
    'a field without a description',
    [['products', '  brand: String\n', '  brand: String\n  nameless: String\n']],
    0,
    /::warning .*DESCRIPTION_MISSING/,
  ],
])('a pull request with %s', (_name, edits, code, annotation) => {
  for (const change of edits) edit(change);
  const result = run(scriptOf('schema-check.yml', 'check'));
  expect(result.text).toMatch(annotation);
  expect(result.code).toBe(code);
  expect(result.summary).toMatch(code === 0 ? /^## Schema check passed/ : /^## Schema check failed: [1-9]/);
});

test('what reaches main is published, once', () => {
  edit(needed);
  git(clone, 'commit', '--quiet', '--all', '--message', 'Codes for labels');
  git(clone, 'push', '--quiet', 'origin', 'main');
  const publish = scriptOf('schema-publish.yml', 'publish');
  expect(run(publish)).toMatchObject({ code: 0, text: expect.stringContaining('Published version') });
  const last = git(bare, 'show', 'main:registry/history.jsonl').trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ by: 'ann', message: 'Codes for labels' });
  expect(run(publish)).toMatchObject({ code: 0, text: expect.stringContaining('Nothing to publish') });
});

test('the hook before a push stops what the check stops', () => {
  const hook = 'sh .githooks/pre-push';
  expect(run(hook).code).toBe(0);
  edit(['products', '  """Brand."""\n  brand: String\n', '']);
  expect(run(hook).code).toBe(1);
});
