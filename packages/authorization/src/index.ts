export { CoordinateNumbers, FieldGraph, type Reach } from './field-graph.ts';
export { directiveName, fieldsOf } from './linked-directives.ts';
export { reachableFields } from './reachable-fields.ts';
export { describeRequirement, type Requirement } from './requirement.ts';
export { compileRequirements, RequirementIndex } from './requirement-index.ts';
