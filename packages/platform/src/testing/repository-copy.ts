import { execFileSync } from 'node:child_process';
import { existsSync, globSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ScratchDir, scratchDir } from '../scratch-dir.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** A copy of this repository as it is here, with what is not committed yet, that a test may change. */
export interface RepositoryCopy extends ScratchDir {
  /** Replaces a text in a file; the file has to have it. */
  edit(file: string, from: string, to: string): void;
}

/** Copies the sources and the generated clients; dependencies are those of this repository. */
export async function repositoryCopy(): Promise<RepositoryCopy> {
  const scratch = await scratchDir('copy');
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  const listed = git('ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0');
  const generated = git('ls-files', '--others', '--ignored', '--exclude-standard', '-z', 'subgraphs', 'services').split('\0');
  const files = [...listed, ...generated].filter((file) => file !== '' && !file.includes('node_modules/'));
  const tar = (args: string[], input?: Buffer | string): Buffer =>
    execFileSync('tar', args, { maxBuffer: 2 ** 28, ...(input !== undefined && { input }) });
  tar(['-C', scratch.path, '-xf', '-'], tar(['-C', root, '-cf', '-', '--ignore-failed-read', '-T', '-'], files.join('\n')));
  linkModules(scratch.path);
  return {
    ...scratch,
    edit(file, from, to) {
      const path = join(scratch.path, file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
      writeFileSync(path, text.replace(from, to));
    },
  };
}

/** Dependencies are those of this repository; workspaces are those of the copy, which relative links lead to. */
function linkModules(target: string): void {
  mkdirSync(join(target, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const [from, to] = [join(root, 'node_modules', name), join(target, 'node_modules', name)];
    if (!name.startsWith('@')) symlinkSync(from, to);
    else {
      mkdirSync(to);
      for (const scoped of readdirSync(from)) symlinkSync(workspaceLink(join(from, scoped)) ?? join(from, scoped), join(to, scoped));
    }
  }
  for (const nested of globSync('{gateway,e2e,*/*}/node_modules', { cwd: root, exclude: ['node_modules/**'] })) {
    if (existsSync(join(target, nested, '..'))) symlinkSync(join(root, nested), join(target, nested));
  }
}

function workspaceLink(path: string): string | undefined {
  return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
}
