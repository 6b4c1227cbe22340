#!/usr/bin/env node
/*
 * The first thing that runs on a fresh machine: plain JavaScript for any Node from 20 on, without node_modules.
 * Installs what is missing, then hands over to the launcher on the Node version that the repository pins.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');
const command = process.argv[2] ?? 'start';

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  fail(
    `Node ${process.versions.node} is too old.`,
    `Install Node ${OLDEST_NODE} or newer; the repository brings its own for everything else.`,
  );
}
if (process.platform === 'win32') fail('Windows is not supported directly.', 'Use the Windows Subsystem for Linux, or docker compose up.');
await installWhenNeeded();
handOver();

async function installWhenNeeded() {
  const state = installedState();
  if (state === 'current') return;
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  process.stdout.write('… installing dependencies (once; about a minute)\n');
  const timer = setInterval(() => process.stdout.write(`… installing dependencies (${seconds()} s)\n`), 5_000);
  // A clean install for an empty folder; otherwise only what changed, so that a pull costs seconds.
  const { code, output } = await npm([state === 'missing' ? 'ci' : 'install', '--no-audit', '--no-fund']);
  clearInterval(timer);
  if (code !== 0)
    fail(`The dependencies could not be installed:\n${output}`, 'Check the network and the free disk space, then start again.');
  process.stdout.write(`✓ dependencies installed (${seconds()} s)\n`);
}

/** Compares what the lock file asks for with what npm noted to have installed. */
function installedState() {
  const noted = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(pinnedNode) || !existsSync(noted)) return 'missing';
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(noted, 'utf8')).packages;
  // Optional packages are those of other operating systems and processors.
  const isLacking = ([path, entry]) =>
    path !== '' && !entry.optional && !entry.link && path.includes('node_modules/') && present[path]?.version !== entry.version;
  return Object.entries(wanted).some(isLacking) ? 'outdated' : 'current';
}

function npm(args) {
  const script = process.env.npm_execpath;
  const [file, all] = script === undefined ? ['npm', args] : [process.execPath, [script, ...args]];
  const child = spawn(file, all, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output = `${output}${chunk}`.slice(-4_000)));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** The launcher replaces this process as far as Node allows: same terminal, same signals, same exit code. */
function handOver() {
  const launcher = join(root, 'packages', 'platform', 'bin', 'launch.ts');
  const child = spawn(pinnedNode, [launcher, command, ...process.argv.slice(3)], {
    cwd: root,
    // The child watches descriptor 3 to learn of this process's end, however it comes.
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      PATH: `${dirname(pinnedNode)}:${process.env.PATH ?? ''}`,
      NODE_NO_WARNINGS: '1',
      LAUNCHED_BY: String(process.pid),
    },
  });
  child.stdio[3]?.on('error', () => undefined);
  // Ctrl-C reaches the child by itself, as it shares the terminal; a signal sent to this process only does not.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  watchParent(child);
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
}

/**
 * npm is this process's parent, or the parent of the shell between them. When it is killed nobody is left to press
 * Ctrl-C, and the orphan would run on unseen.
 */
function watchParent(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestry();
  setInterval(() => ancestry() !== before && child.kill('SIGTERM'), 500).unref();
}

function ancestry() {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

/** Only Linux says; elsewhere the direct parent has to do. */
function parentOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return '';
  }
}

function fail(message, remedy) {
  process.stderr.write(`\n✗ ${message}\n  → ${remedy}\n`);
  process.exit(1);
}
