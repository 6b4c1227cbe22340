import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

const { resolve } = createRequire(import.meta.url);

/** Files of the npm packages, by the name that the page asks for. */
const ASSETS: readonly (readonly [name: string, module: string, file: string, type: string])[] = [
  ['react.js', 'react', 'umd/react.production.min.js', 'text/javascript; charset=utf-8'],
  ['react-dom.js', 'react-dom', 'umd/react-dom.production.min.js', 'text/javascript; charset=utf-8'],
  ['graphiql.js', 'graphiql', 'graphiql.min.js', 'text/javascript; charset=utf-8'],
  ['graphiql.css', 'graphiql', 'graphiql.min.css', 'text/css; charset=utf-8'],
];

const START = `
const fetcher = GraphiQL.createFetcher({ url: '/graphql' });
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, { fetcher, shouldPersistHeaders: false, defaultEditorToolsVisibility: true }),
);
`;

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>GraphiQL</title><link rel="stylesheet" href="/graphiql/graphiql.css">
<style>html, body, #graphiql { height: 100%; margin: 0 }</style></head>
<body><div id="graphiql">Loading…</div>
<script src="/graphiql/react.js"></script><script src="/graphiql/react-dom.js"></script><script src="/graphiql/graphiql.js"></script>
<script src="/graphiql/start.js"></script></body>
</html>
`;

/** Nothing may come from another host: the page works without internet, and a script that was slipped in cannot call home. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:";

/** GraphiQL at `/graphiql`, from this process's own packages. */
export function graphiqlPages(): Map<string, Handler> {
  const assets = ASSETS.map(([name, module, file, type]) => [`/graphiql/${name}`, asset(pathOf(module, file), type)] as const);
  return new Map<string, Handler>([
    ['/graphiql', async (_request, reply) => reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(PAGE)],
    ['/graphiql/start.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(START)],
    ...assets,
  ]);
}

/** The browser builds are not among the exports of every package, its package.json is. */
function pathOf(module: string, file: string): string {
  return join(dirname(resolve(`${module}/package.json`)), file);
}

function asset(path: string, type: string): Handler {
  return async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=3600')
      .type(type)
      .send(await readFile(path));
}
