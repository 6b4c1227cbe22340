import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

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
  const assets = ASSETS.map(([name, module, file, type]) => [`/graphiql/${name}`, asset(pathOf(module, file), { type })] as const);
  const own = PAGE.map(([name, type]) => [`/graphiql/${name}`, asset(pageFile(name), { type, isFresh: true })] as const);
  const html = asset(pageFile('index.html'), { type: 'text/html; charset=utf-8', isFresh: true });
  return new Map<string, Handler>([
    ['/graphiql', (request, reply) => html(request, reply.header('content-security-policy', POLICY))],
    ['/graphiql/logins.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(JSON.stringify(logins))],
    ...own,
    ...assets,
  ]);
}

/** The browser builds are not among the exports of every package, its package.json is. */
function pathOf(module: string, file: string): string {
  return join(dirname(resolve(`${module}/package.json`)), file);
}

function pageFile(name: string): string {
  return fileURLToPath(new URL(`./page/${name}`, import.meta.url));
}

function asset(path: string, { type, isFresh = false }: { type: string; isFresh?: boolean }): Handler {
  return async (_request, reply) =>
    reply
      .header('cache-control', isFresh ? 'no-store' : 'public, max-age=3600')
      .type(type)
      .send(await readFile(path));
}
