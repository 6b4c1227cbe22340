import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Handler } from '../http/http-message.ts';

const { resolve } = createRequire(import.meta.url);

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** Files of the npm packages, by the name that the page asks for. */
const ASSETS: readonly (readonly [name: string, module: string, file: string, type: string])[] = [
  ['react.js', 'react', 'umd/react.production.min.js', SCRIPT],
  ['react-dom.js', 'react-dom', 'umd/react-dom.production.min.js', SCRIPT],
  ['graphiql.js', 'graphiql', 'graphiql.min.js', SCRIPT],
  ['graphiql.css', 'graphiql', 'graphiql.min.css', STYLE],
];

/** Files of the page itself, which the browser takes as they are. */
const PAGE: readonly (readonly [name: string, type: string])[] = [
  ['page.css', STYLE],
  ['start.js', SCRIPT],
  ['inspector.js', SCRIPT],
];

/** Nothing may come from another host: the page works without internet, and a script that was slipped in cannot call home. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:";

/** Accounts that a developer may ask as, with their one password. */
export interface DemoLogins {
  readonly emails: readonly string[];
  readonly password: string;
}

/**
 * GraphiQL at `/graphiql`, from this process's own packages, with plan and timing of each request. Development only: it hands out the demo
 * password.
 */
export function graphiqlPages(logins: DemoLogins): Map<string, Handler> {
  const page = file(pageFile('index.html'), { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY });
  const loginsJson = { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(logins) };
  const kept = { 'cache-control': 'public, max-age=3600' };
  return new Map<string, Handler>([
    ['/graphiql', page],
    ['/graphiql/logins.json', async () => loginsJson],
    ...PAGE.map(([name, type]) => [`/graphiql/${name}`, file(pageFile(name), { 'content-type': type })] as const),
    ...ASSETS.map(
      ([name, module, path, type]) => [`/graphiql/${name}`, file(pathOf(module, path), { 'content-type': type, ...kept })] as const,
    ),
  ]);
}

/** The browser builds are not among the exports of every package, its package.json is. */
function pathOf(module: string, file: string): string {
  return join(dirname(resolve(`${module}/package.json`)), file);
}

function pageFile(name: string): string {
  return fileURLToPath(new URL(`./page/${name}`, import.meta.url));
}

function file(path: string, headers: Readonly<Record<string, string>>): Handler {
  return async () => ({ status: 200, headers, body: await readFile(path) });
}
