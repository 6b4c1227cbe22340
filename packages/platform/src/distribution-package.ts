import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that may need libraries from a folder of its own. */
export interface Program {
  readonly command: string;
  /** Folders for the dynamic loader; empty when the machine's own libraries do. */
  readonly libraryPath: readonly string[];
}

/** A server that Debian and Ubuntu package, under one name or another. */
export interface DistributionPackage {
  /** What people call it, for messages. */
  readonly title: string;
  /** Packages with the server in them, best first. */
  readonly candidates: readonly PackageCandidate[];
}

interface PackageCandidate {
  readonly name: string;
  /** The program's path inside the package. */
  readonly program: string;
  /** The name under which the program is the server. */
  readonly serverName: string;
}

/** Where to unpack a {@link DistributionPackage}. */
export interface Unpacking {
  /** Folder below which everything goes; the package gets one of its own, named after its first server. */
  readonly cacheDir: string;
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
}

/** Deeper chains of missing libraries than this do not occur; it only stops a loop. */
const MOST_LIBRARY_ROUNDS = 5;

/**
 * Unpacks a server of the distribution, and the libraries it needs that the machine lacks, into `cacheDir`.
 *
 * Needs `apt-get` and `dpkg` but no rights: nothing is installed and no service is added. What was unpacked before is
 * used again without any network.
 *
 * @throws Error saying which step failed, with the tool's own words.
 */
export async function unpackProgram(wanted: DistributionPackage, { cacheDir, onProgress, signal }: Unpacking): Promise<Program> {
  const { title, candidates } = wanted;
  const folder = title.toLowerCase();
  const target = join(cacheDir, folder);
  const ready = await programIn(target, candidates);
  if (ready !== undefined) return ready;
  onProgress?.(`unpacking the distribution's ${title} package`);
  const draft = join(cacheDir, `${folder}.${process.pid}`);
  await mkdir(draft, { recursive: true });
  try {
    const apt = await aptWithLists(candidates, cacheDir, signal);
    await unpackServer(apt, candidates, draft);
    await unpackLibraries(apt, candidates, draft);
    // Two first starts at one moment both unpack; whichever is second finds the place taken and uses it.
    await rename(draft, target).catch(() => undefined);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const program = await programIn(target, candidates);
  if (program === undefined) throw new Error('The package was unpacked but has no server in it.');
  return program;
}

/** Some servers are links in one package to a program of another; one binary plays both by its name. */
async function programIn(root: string, candidates: readonly PackageCandidate[]): Promise<Program | undefined> {
  for (const { program, serverName } of candidates) {
    const command = join(root, program);
    if (await stat(command).catch(() => undefined)) {
      return { command: join(root, 'bin', serverName), libraryPath: await libraryFolders(root) };
    }
  }
  return undefined;
}

async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const base of ['usr/lib', 'lib']) {
    for (const name of await readdir(join(root, base)).catch(() => [])) {
      if (name.includes('-linux-')) folders.push(join(root, base, name));
    }
  }
  return folders;
}

interface Apt {
  readonly options: readonly string[];
}

/** Package lists of the machine where they know the package, otherwise lists of our own, fetched without any rights. */
async function aptWithLists(candidates: readonly PackageCandidate[], cacheDir: string, signal?: AbortSignal): Promise<Apt> {
  const ofMachine: Apt = { options: [] };
  if (await knows(ofMachine, candidates)) return ofMachine;
  const state = join(cacheDir, 'apt');
  await Promise.all(['lists/partial', 'cache/archives/partial'].map((name) => mkdir(join(state, name), { recursive: true })));
  const own: Apt = {
    options: ['-o', `Dir::State::lists=${state}/lists`, '-o', `Dir::Cache=${state}/cache`, '-o', 'APT::Sandbox::User='],
  };
  await run('apt-get', [...own.options, 'update'], { signal });
  if (await knows(own, candidates)) return own;
  const names = candidates.map(({ name }) => name).join(', ');
  throw new Error(`The package lists of this distribution contain none of these: ${names}.`);
}

async function knows(apt: Apt, candidates: readonly PackageCandidate[]): Promise<boolean> {
  const found = await Promise.all(candidates.map(({ name }) => isAvailable(apt, name)));
  return found.includes(true);
}

async function isAvailable(apt: Apt, name: string): Promise<boolean> {
  const { stdout } = await run('apt-cache', [...apt.options, 'policy', name], { env: plainOutput() });
  return /Candidate: (?!\(none\))/.test(stdout);
}

async function unpackServer(apt: Apt, candidates: readonly PackageCandidate[], root: string): Promise<void> {
  for (const { name, program, serverName } of candidates) {
    if (!(await isAvailable(apt, name))) continue;
    await unpack(apt, name, root);
    await mkdir(join(root, 'bin'), { recursive: true });
    await run('ln', ['-sf', join('..', program), join(root, 'bin', serverName)]);
    return;
  }
}

async function unpack(apt: Apt, name: string, root: string): Promise<void> {
  const folder = join(root, 'archives');
  await mkdir(folder, { recursive: true });
  await run('apt-get', [...apt.options, '-o', 'APT::Sandbox::User=', 'download', name], { cwd: folder });
  for (const file of await readdir(folder)) await run('dpkg', ['-x', join(folder, file), root]);
  await rm(folder, { recursive: true });
}

/** Adds the packages of libraries the loader does not find, then those that these need, until nothing is missing. */
async function unpackLibraries(apt: Apt, candidates: readonly PackageCandidate[], root: string): Promise<void> {
  let parents: readonly string[] = candidates.map(({ name }) => name);
  const unpacked = new Set<string>();
  for (let round = 0; round < MOST_LIBRARY_ROUNDS; round += 1) {
    const program = await programIn(root, candidates);
    if (program === undefined || !(await lacksLibraries(program))) return;
    const children = (await dependencies(apt, parents)).filter((name) => !unpacked.has(name));
    for (const name of children) {
      if (await isInstalled(name)) continue;
      await unpack(apt, name, root);
      unpacked.add(name);
    }
    parents = children;
  }
}

async function lacksLibraries(program: Program): Promise<boolean> {
  const env = { ...plainOutput(), LD_LIBRARY_PATH: program.libraryPath.join(':') };
  const { stdout } = await run('ldd', [program.command], { env });
  return stdout.includes('not found');
}

async function dependencies(apt: Apt, names: readonly string[]): Promise<string[]> {
  const available: string[] = [];
  for (const name of names) if (await isAvailable(apt, name)) available.push(name);
  if (available.length === 0) return [];
  const { stdout } = await run('apt-cache', [...apt.options, 'depends', ...available], { env: plainOutput() });
  // The C library itself must be the machine's; everything else named lib… may come from a package.
  return [...stdout.matchAll(/^\s*\|?(?:Pre)?Depends: (lib[^\s:]+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== '' && name !== 'libc6');
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    const { stdout } = await run('dpkg-query', ['-s', name], { env: plainOutput() });
    return stdout.includes('install ok installed');
  } catch {
    return false;
  }
}

function plainOutput(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C' };
}
