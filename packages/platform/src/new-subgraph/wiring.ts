import { PlatformError } from '../platform-error.ts';

/** A new subgraph, as far as lists of subgraphs are concerned. */
export interface Wired {
  readonly name: string;
  readonly port: number;
  readonly packageJson: { readonly version: string; readonly dependencies: object; readonly devDependencies: object };
}

/** How each file that lists subgraphs goes on. Everything else finds them by their folders. */
export const wirings: Readonly<Record<string, (text: string, wired: Wired) => string>> = {
  'supergraph.yaml': intoGraph,
  'docker-compose.yml': intoCompose,
  'deploy/docker/Dockerfile': intoDockerfile,
  'package-lock.json': intoLock,
};

function intoGraph(text: string, { name, port }: Wired): string {
  const entry = [
    `  ${name}:`,
    `    routing_url: http://localhost:${port}/graphql`,
    `    schema: { file: ./subgraphs/${name}/schema.graphql }`,
  ];
  return `${text.trimEnd()}\n${entry.join('\n')}\n`;
}

function intoCompose(text: string, { name, port }: Wired): string {
  const file = 'docker-compose.yml';
  const services = `  ${name}: &${name}
    <<: *process
    build: { context: ., dockerfile: deploy/docker/Dockerfile, target: ${name} }
    healthcheck:
      <<: *ready
      test: [CMD, node, -e, "fetch('http://localhost:${port}/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
  ${name}-worker:
    <<: *${name}
    command: [${name}-worker, subgraphs/${name}/src/worker.ts]
    healthcheck: { disable: true }

`;
  const withServices = before(file, text, /^ {2}gateway:$/m, services);
  const [head = '', gateway = ''] = split(file, withServices, /^ {2}gateway:$/m);
  const waiting = after(
    file,
    gateway,
    /^ {6}orders: \{ condition: service_healthy \}\n/m,
    `      ${name}: { condition: service_healthy }\n`,
  );
  const scraped = waiting.replace(/(targets: \['accounts:\d+'[^\]]*)\]/, `$1, '${name}:${port}']`);
  return `${head}${scraped}`;
}

function intoDockerfile(text: string, { name, port }: Wired): string {
  const target = `FROM runtime AS ${name}
COPY --from=build --chown=node:node /app/subgraphs/${name} ./subgraphs/${name}
EXPOSE ${port}
CMD ["${name}", "subgraphs/${name}/src/main.ts"]

`;
  return before('deploy/docker/Dockerfile', text, /^FROM runtime AS gateway$/m, target);
}

/** As npm would write it: a workspace and the link to it, each in its place. */
function intoLock(text: string, { name, packageJson }: Wired): string {
  const lock = JSON.parse(text) as { packages: Record<string, object> };
  const { version, dependencies, devDependencies } = packageJson;
  const added = {
    ...lock.packages,
    [`node_modules/@subgraphs/${name}`]: { resolved: `subgraphs/${name}`, link: true },
    [`subgraphs/${name}`]: { name: `@subgraphs/${name}`, version, dependencies, devDependencies },
  };
  const packages = Object.fromEntries(Object.entries(added).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return `${JSON.stringify({ ...lock, packages }, null, 2)}\n`;
}

function before(file: string, text: string, anchor: RegExp, added: string): string {
  const [head, tail] = split(file, text, anchor);
  return `${head}${added}${tail}`;
}

function after(file: string, text: string, anchor: RegExp, added: string): string {
  const found = anchor.exec(text);
  if (found === null) throw missing(file, anchor);
  const at = found.index + found[0].length;
  return `${text.slice(0, at)}${added}${text.slice(at)}`;
}

function split(file: string, text: string, anchor: RegExp): [string, string] {
  const at = text.search(anchor);
  if (at < 0) throw missing(file, anchor);
  return [text.slice(0, at), text.slice(at)];
}

function missing(file: string, anchor: RegExp): PlatformError {
  const message = `${file} has no place for another subgraph: nothing in it looks like ${anchor}.`;
  return new PlatformError(
    'WRONG_GRAPH',
    message,
    'Restore that line, or teach packages/platform/src/new-subgraph/wiring.ts the new form.',
  );
}
