import { createServer } from 'node:http';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n';

/** SDL of subgraph `n`: the first has the items; each knows one more fact of an item and which item is next to it. */
function sdlOf(n: number): string {
  const query = n === 0 ? 'type Query { items(first: Int = 10): [Item] }' : '';
  return `${link}${query}\ntype Item @key(fields: "id") { id: ID! fact${n}: Int next${n}: Item }`;
}

/** A supergraph of that many subgraphs, on ports that follow each other. */
export function composeGrowth(subgraphs: number, firstPort: number): string {
  const services = Array.from({ length: subgraphs }, (_, n) => ({
    name: `s${n}`,
    url: `http://127.0.0.1:${firstPort + n}/graphql`,
    typeDefs: parse(sdlOf(n)),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join('\n'));
  return supergraphSdl;
}

interface Item {
  readonly __typename: 'Item';
  readonly id: string;
}

const item = (id: number): Item => ({ __typename: 'Item', id: String(id) });

function serve(n: number, port: number): void {
  const resolvers = {
    ...(n === 0 && { Query: { items: (_: unknown, { first }: { first: number }) => Array.from({ length: first }, (_, id) => item(id)) } }),
    Item: {
      __resolveReference: ({ id }: Item) => item(Number(id)),
      [`fact${n}`]: ({ id }: Item) => Number(id) * (n + 1),
      [`next${n}`]: ({ id }: Item) => item(Number(id) + 1),
    },
  };
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdlOf(n)), resolvers: resolvers as never }]);
  const known = new Map<string, Buffer>();
  const answer = async (body: string): Promise<Buffer> => {
    const { query, variables } = JSON.parse(body);
    const text = Buffer.from(JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables })));
    if (known.size < 1_000) known.set(body, text);
    return text;
  };
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString();
      const text = known.get(body) ?? (await answer(body));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
    });
  }).listen(port, '127.0.0.1');
}

const [count, firstPort] = process.argv.slice(2).map(Number);
if (import.meta.filename === process.argv[1]) for (let n = 0; n < (count ?? 0); n++) serve(n, (firstPort ?? 0) + n);
