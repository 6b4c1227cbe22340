import { compileRequirements, describeRequirement, type RequirementIndex } from '@app/authorization';
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
} from 'graphql';
import markdownIt from 'markdown-it';
import { loadSupergraph } from '../compose.ts';
import { escapeMarkup } from '../escape-markup.ts';
import { type Owners, readOwners } from './owners.ts';
import { SCRIPT, STYLE } from './page-parts.ts';

/** Descriptions come from whoever writes schemas: no HTML of theirs gets through, and no links but http, https and mailto. */
const markdown = markdownIt({ html: false, linkify: false });

interface Page {
  readonly schema: GraphQLSchema;
  readonly owners: Owners;
  readonly requirements: RequirementIndex;
}

/**
 * A reference of the schema that clients see, as one HTML page that needs nothing else: types and fields with their descriptions, deprecations,
 * what callers need, which subgraph answers, and a search over all names.
 */
export function schemaPage(supergraphSdl: string, title = 'Schema'): string {
  const supergraph = loadSupergraph(supergraphSdl);
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  const page: Page = { schema, owners: readOwners(supergraphSdl), requirements: compileRequirements(supergraph.schema, schema) };
  const groups = groupsOf(schema);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeMarkup(title)}</title>
<style>${STYLE}</style></head>
<body>
<nav><label>Search <input id="search" type="search" placeholder="type or field" autofocus></label>
<p id="none" hidden>Nothing has that name.</p>
${groups.map(({ name, types }) => `<section><h2>${name}</h2><ul>${types.map(navItem).join('')}</ul></section>`).join('\n')}
</nav>
<main><h1>${escapeMarkup(title)}</h1>
${groups.flatMap(({ types }) => types.map((type) => typeSection(type, page))).join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

interface Group {
  readonly name: string;
  readonly types: readonly GraphQLNamedType[];
}

function groupsOf(schema: GraphQLSchema): Group[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type) => type !== null && type !== undefined,
  );
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !roots.some((root) => root === type))
    .sort((left, right) => left.name.localeCompare(right.name));
  const groups: Group[] = [
    { name: 'Operations', types: roots },
    { name: 'Objects', types: types.filter(isObjectType) },
    { name: 'Interfaces', types: types.filter(isInterfaceType) },
    { name: 'Unions', types: types.filter(isUnionType) },
    { name: 'Inputs', types: types.filter(isInputObjectType) },
    { name: 'Enums', types: types.filter(isEnumType) },
  ];
  const listed = new Set(groups.flatMap((group) => group.types));
  return [...groups, { name: 'Scalars', types: types.filter((type) => !listed.has(type)) }].filter((group) => group.types.length > 0);
}

function navItem({ name }: GraphQLNamedType): string {
  return `<li><a href="#${name}">${name}</a></li>`;
}

function typeSection(type: GraphQLNamedType, page: Page): string {
  const facts = [
    isObjectType(type) || isInterfaceType(type) ? linked('implements', type.getInterfaces()) : '',
    isInterfaceType(type) ? linked('implemented by', page.schema.getPossibleTypes(type)) : '',
    isUnionType(type) ? linked('one of', type.getTypes()) : '',
    fact('keys', page.owners.keys.get(type.name) ?? []),
    fact('subgraphs', page.owners.subgraphs.get(type.name) ?? []),
    fact('needs', needsText(page.requirements.ofType(type.name), page)),
  ].filter(Boolean);
  return `<article id="${type.name}" data-name="${type.name.toLowerCase()}"><h2>${type.name}</h2>
${description(type.description)}${facts.length > 0 ? `<p class="facts">${facts.join(' · ')}</p>` : ''}
${members(type, page)}</article>`;
}

function members(type: GraphQLNamedType, page: Page): string {
  if (isEnumType(type))
    return list(type.getValues().map((value) => member({ owner: type.name, ...value, head: `<code>${value.name}</code>`, facts: [] })));
  if (isInputObjectType(type)) return list(Object.values(type.getFields()).map((field) => inputMember(type.name, field)));
  if (isObjectType(type) || isInterfaceType(type))
    return list(Object.values(type.getFields()).map((field) => outputMember(type.name, field, page)));
  return '';
}

function outputMember(owner: string, field: GraphQLField<unknown, unknown>, page: Page): string {
  const ofType = page.owners.subgraphs.get(owner) ?? [];
  const subgraphs = page.owners.subgraphs.get(`${owner}.${field.name}`) ?? [];
  const needs = needsText(page.requirements.ofField(owner, field.name), page);
  const facts = [fact('needs', needs), subgraphs.length < ofType.length ? fact('from', subgraphs) : ''].filter(Boolean);
  const given = field.args.length === 0 ? '' : `(${field.args.map(argumentText).join(', ')})`;
  const described = field.args
    .filter((item) => item.description)
    .map((item) => `<dt><code>${item.name}</code></dt><dd>${description(item.description)}</dd>`);
  const more = described.length > 0 ? `<dl>${described.join('')}</dl>` : '';
  return member({ owner, ...field, head: `<code>${field.name}${given}: ${typeText(field.type)}</code>`, facts, more });
}

function inputMember(owner: string, field: GraphQLInputField): string {
  return member({ owner, ...field, head: `<code>${argumentText(field)}</code>`, facts: [] });
}

interface Member {
  readonly owner: string;
  readonly name: string;
  readonly head: string;
  readonly facts: readonly string[];
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
  readonly more?: string;
}

function member({ owner, name, head, facts, description: text, deprecationReason, more = '' }: Member): string {
  const isDeprecated = deprecationReason !== undefined && deprecationReason !== null;
  const deprecation = isDeprecated ? `<div class="deprecated"><b>Deprecated.</b> ${description(deprecationReason)}</div>` : '';
  const note = facts.length > 0 ? `<p class="facts">${facts.join(' · ')}</p>` : '';
  return `<li id="${owner}.${name}" data-name="${name.toLowerCase()}">${isDeprecated ? `<s>${head}</s>` : head}${description(text)}${deprecation}${note}${more}</li>`;
}

function argumentText({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const value = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return `${name}: ${typeText(type)}${value ? ` = ${escapeMarkup(print(value))}` : ''}`;
}

function typeText(type: GraphQLType): string {
  const named = getNamedType(type);
  if (isSpecifiedScalarType(named)) return String(type);
  return String(type).replace(named.name, `<a href="#${named.name}">${named.name}</a>`);
}

function needsText(ids: readonly number[], { requirements }: Page): string[] {
  return ids.flatMap((id) => requirements.all[id] ?? []).map(describeRequirement);
}

function fact(name: string, values: readonly string[]): string {
  return values.length === 0 ? '' : `${name} ${values.map((value) => `<b>${escapeMarkup(value)}</b>`).join(', ')}`;
}

function linked(name: string, types: readonly GraphQLNamedType[]): string {
  return types.length === 0 ? '' : `${name} ${types.map((type) => `<a href="#${type.name}">${type.name}</a>`).join(', ')}`;
}

function list(items: readonly string[]): string {
  return `<ul class="members">${items.join('\n')}</ul>`;
}

function description(text: string | null | undefined): string {
  return text ? `<div class="description">${markdown.render(text)}</div>` : '';
}
