import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { composeSupergraph } from '../supergraph.ts';

/** The stock Apollo Gateway as its documentation sets it up. */
const [port, firstPort] = process.argv.slice(2);
const gateway = new ApolloGateway({ supergraphSdl: composeSupergraph(Number(firstPort)) });
const server = new ApolloServer({ gateway });
await startStandaloneServer(server, { listen: { port: Number(port), host: '127.0.0.1' } });
