/** Ports of the subgraphs in development, by name. Deployments override the addresses by configuration. */
export const subgraphPorts: Readonly<Record<string, number>> = { accounts: 4001, products: 4002, reviews: 4003, orders: 4004 };
