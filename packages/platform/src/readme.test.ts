import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

/** Every `npm …` command of a page: in code blocks and in running text. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^npm [^\n#]+/gm)].map(([command]) => command);
  const inline = [...text.matchAll(/`(npm [^`\n]+)`/g)].map(([, command]) => command ?? '');
  return [...blocks, ...inline].map((command) => command.trim());
}

/** The script that a command runs, and the workspace it runs in. */
function scriptOf(command: string): { name: string; workspace: string | undefined } {
  const [, verb = '', next = ''] = command.split(/\s+/);
  const workspace = /-w (\S+)/.exec(command)?.[1];
  return { name: verb === 'run' ? next : verb, workspace };
}

test.each(pages)('links of %s lead to files that are there', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target]) => target ?? '');
  const missing = targets.filter((target) => !existsSync(join(root, dirname(page), target)));
  expect(missing.map((target) => relative(root, join(root, dirname(page), target)))).toEqual([]);
});

test.each(pages)('commands of %s are scripts that are there', (page) => {
  const own = ['ci', 'install', 'view'];
  const missing = commandsOf(page).filter((command) => {
    const { name, workspace } = scriptOf(command);
    if (own.includes(name)) return false;
    return !(name in (workspace === undefined ? scripts : scriptsOf(workspace)));
  });
  expect(missing).toEqual([]);
});

function scriptsOf(workspace: string): Record<string, string> {
  const folder = workspace.startsWith('@app/') ? `packages/${workspace.slice(5)}` : workspace.replace('@', '');
  const file = join(root, folder, 'package.json');
  return existsSync(file) ? ((JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, string> }).scripts ?? {}) : {};
}
