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

/** Runs in the browser. `logins` come from `/graphiql/logins.json`; signing in keeps the token on this page only. */
const START = `
let token;
const fetcher = (body, options) => fetch('/graphql', {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }), ...options?.headers },
  body: JSON.stringify(body),
}).then((response) => response.json());

async function signIn(email, password) {
  token = undefined;
  if (email === '') return;
  const query = 'mutation SignIn($email: String!, $password: String!) { sessionCreate(input: { email: $email, password: $password }) { accessToken userErrors { message } } }';
  const { data, errors } = await fetcher({ query, variables: { email, password } });
  token = data?.sessionCreate?.accessToken;
  if (!token) alert(data?.sessionCreate?.userErrors?.[0]?.message ?? errors?.[0]?.message ?? 'No answer.');
}

function showLogins({ emails, password }) {
  const select = document.querySelector('#logins');
  select.append(new Option('anonymous', ''), ...emails.map((email) => new Option(email, email)));
  select.addEventListener('change', () => signIn(select.value, password));
  select.parentElement.hidden = emails.length === 0;
}

fetch('/graphiql/logins.json').then((response) => response.json()).then(showLogins);
ReactDOM.createRoot(document.querySelector('#graphiql')).render(React.createElement(GraphiQL, { fetcher, shouldPersistHeaders: false }));
`;

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>GraphiQL</title><link rel="stylesheet" href="/graphiql/graphiql.css">
<style>html, body { height: 100%; margin: 0 } body { display: flex; flex-direction: column; font: 14px system-ui } label { padding: 6px 16px } #graphiql { flex: 1; min-height: 0 }</style></head>
<body><label hidden>Ask as <select id="logins"></select></label><div id="graphiql">Loading…</div>
<script src="/graphiql/react.js"></script><script src="/graphiql/react-dom.js"></script><script src="/graphiql/graphiql.js"></script>
<script src="/graphiql/start.js"></script></body>
</html>
`;

/** Nothing may come from another host: the page works without internet, and a script that was slipped in cannot call home. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:";

/** Accounts that a developer may ask as, with their one password. */
export interface DemoLogins {
  readonly emails: readonly string[];
  readonly password: string;
}

/** GraphiQL at `/graphiql`, from this process's own packages. Development only: it hands out the demo password. */
export function graphiqlPages(logins: DemoLogins): Map<string, Handler> {
  const assets = ASSETS.map(([name, module, file, type]) => [`/graphiql/${name}`, asset(pathOf(module, file), type)] as const);
  return new Map<string, Handler>([
    ['/graphiql', async (_request, reply) => reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(PAGE)],
    ['/graphiql/start.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(START)],
    ['/graphiql/logins.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(JSON.stringify(logins))],
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
