const { isAbstractType } = require('graphql');

/**
 * Which types an interface or union may be, for Apollo Client's cache: without it fragments on them match nothing.
 * A plugin for codegen.yml.
 */
exports.plugin = (schema) => {
  const abstract = Object.values(schema.getTypeMap()).filter((type) => isAbstractType(type) && !type.name.startsWith('__'));
  const lines = abstract.map(({ name }) => {
    const members = schema.getPossibleTypes(schema.getType(name)).map((type) => `'${type.name}'`);
    return `  ${name}: [${members.sort().join(', ')}],`;
  });
  return [
    '/** The types of every interface and union. */',
    'export const possibleTypes: Record<string, string[]> = {',
    ...lines.sort(),
    '};',
    '',
  ].join('\n');
};
