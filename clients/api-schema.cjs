const { readFile } = require('node:fs/promises');
const { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } = require('@apollo/federation-internals');

/**
 * The schema that clients see, from a supergraph file: without joins, links and what is @inaccessible.
 * A schema loader for codegen.yml.
 * @param {string} file path of the supergraph SDL
 */
module.exports = async function apiSchema(file) {
  const supergraph = Supergraph.build(await readFile(file, 'utf8'), { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  return supergraph.apiSchema().toGraphQLJSSchema();
};
