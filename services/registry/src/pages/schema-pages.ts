import type { SubgraphSource, Version } from '@app/schema-registry';
import { type FieldUsage, SHOWN_DAYS } from '../data/page-queries.ts';
import type { FieldDescription, TypeDescription } from '../work/describe-schema.ts';
import { count, table } from './format.ts';
import { type Html, html, type Part } from './html.ts';
import { document, path } from './layout.ts';
import { versionLink } from './version-pages.ts';

const kinds = ['type', 'interface', 'union', 'enum', 'input', 'scalar'] as const;
const titles = { type: 'Types', interface: 'Interfaces', union: 'Unions', enum: 'Enums', input: 'Inputs', scalar: 'Scalars' } as const;

/** What the schema pages show of. */
export interface SchemaView {
  readonly graph: string;
  readonly version: Version;
  readonly types: readonly TypeDescription[];
}

/** All types by kind, or what has `search` in its name. */
export function schemaPage({ graph, version, types }: SchemaView, search: string): string {
  const word = search.toLowerCase();
  const body = html`
<p class="quiet">What clients see of ${versionLink(graph, version.number)}</p>
<form role="search"><label>Type or field <input type="search" name="search" value="${search}"></label></form>
${word === '' ? kinds.map((kind) => kindList(graph, kind, types)) : hits(graph, types, word)}`;
  return document({ title: 'Schema', graph, section: 'schema', body });
}

function kindList(graph: string, kind: TypeDescription['kind'], types: readonly TypeDescription[]): Html | undefined {
  const those = types.filter((type) => type.kind === kind);
  if (those.length === 0) return undefined;
  return html`<h2>${titles[kind]}</h2><div class="columns">${those.map(({ name }) => html`<div>${typeLink(graph, name)}</div>`)}</div>`;
}

const MOST_HITS = 200;

function hits(graph: string, types: readonly TypeDescription[], word: string): Html {
  const found = types.flatMap(({ name, kind, fields, values }): Part[][] => [
    ...(name.toLowerCase().includes(word) ? [[typeLink(graph, name), kind]] : []),
    ...members(fields, values)
      .filter(([member]) => member.toLowerCase().includes(word))
      .map(([member, what]) => [html`${typeLink(graph, name)}.${member}`, what]),
  ]);
  return table(['', ''], found.slice(0, MOST_HITS), `Nothing has "${word}" in its name.`);
}

function members(fields: TypeDescription['fields'], values: TypeDescription['values']): [name: string, what: Part][] {
  return [
    ...fields.map(({ name, type }): [string, Part] => [name, html`<code>${type}</code>`]),
    ...values.map(({ name }): [string, Part] => [name, 'value']),
  ];
}

/** One type: its fields, where they come from, and whether anybody uses them. */
export function typePage({ graph, types }: SchemaView, type: TypeDescription, usage: ReadonlyMap<string, FieldUsage>): string {
  const known = new Set(types.map(({ name }) => name));
  const link = (field: FieldDescription) => typeReference(graph, field, known);
  const isOutput = type.kind === 'type' || type.kind === 'interface';
  const rows = type.fields.map((field) => [
    html`<code>${field.name}${argumentList(field, link)}: ${link(field)}${field.defaultValue !== null && ` = ${field.defaultValue}`}</code>
${field.deprecated !== null && html`<div class="warn">deprecated: ${field.deprecated}</div>`}${description(field.description)}`,
    ...(isOutput ? [field.subgraphs.join(', '), usageCell(usage.get(`${type.name}.${field.name}`), usage.size > 0)] : []),
  ]);
  const values = type.values.map((value) => [
    html`<code>${value.name}</code>${value.deprecated !== null && html`<div class="warn">deprecated: ${value.deprecated}</div>`}${description(value.description)}`,
  ]);
  const body = html`
<p><span class="tag">${type.kind}</span> ${type.subgraphs.map((name) => html`<a class="tag" href="${path(graph, 'subgraphs', name)}">${name}</a>`)}</p>
${description(type.description)}
${type.interfaces.length > 0 && html`<p>Implements ${links(graph, type.interfaces)}</p>`}
${type.members.length > 0 && html`<p>${type.kind === 'union' ? 'One of' : 'Implemented by'} ${links(graph, type.members)}</p>`}
${type.fields.length > 0 && table(isOutput ? ['field', 'from', `requests, ${SHOWN_DAYS} days`] : ['field'], rows, '')}
${values.length > 0 && table(['value'], values, '')}`;
  return document({ title: type.name, graph, section: 'schema', body });
}

function argumentList({ arguments: list }: FieldDescription, link: (field: FieldDescription) => Html): Html | undefined {
  if (list.length === 0) return undefined;
  const one = (argument: FieldDescription, index: number) =>
    html`${index > 0 && ', '}${argument.name}: ${link(argument)}${argument.defaultValue !== null && ` = ${argument.defaultValue}`}`;
  return html`(${list.map(one)})`;
}

function usageCell(usage: FieldUsage | undefined, isReported: boolean): Html {
  if (usage) return html`${count(usage.requests)} <span class="quiet">${usage.clients.join(', ')}</span>`;
  return isReported ? html`<span class="quiet">none</span>` : html`<span class="quiet">–</span>`;
}

/** A subgraph's schema as it was published. */
export function subgraphPage(graph: string, version: Version, { name, url, sdl }: SubgraphSource): string {
  const body = html`<p><code>${url}</code> <span class="quiet">in</span> ${versionLink(graph, version.number)}</p><pre>${sdl}</pre>`;
  return document({ title: `Subgraph ${name}`, graph, section: 'schema', body });
}

function typeReference(graph: string, { type, typeName }: FieldDescription, known: ReadonlySet<string>): Html {
  const [before = '', after = ''] = type.split(typeName);
  return known.has(typeName) ? html`${before}${typeLink(graph, typeName)}${after}` : html`${type}`;
}

function typeLink(graph: string, name: string): Html {
  return html`<a href="${path(graph, 'schema', name)}">${name}</a>`;
}

function links(graph: string, names: readonly string[]): Html[] {
  return names.map((name, index) => html`${index > 0 && ', '}${typeLink(graph, name)}`);
}

function description(text: string): Html | undefined {
  return text === '' ? undefined : html`<p class="description">${text}</p>`;
}
