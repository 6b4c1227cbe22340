import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphNames } from './names.ts';

const TEMPLATES = join(import.meta.dirname, '..', '..', 'templates');
const SUFFIX = '.template';

/** What templates are filled in with, besides the names. */
export interface TemplateValues {
  readonly port: number;
  /** UTC, as migrations are named: `20260131120000`. */
  readonly stamp: string;
  /** SQL of the event tables. */
  readonly events: string;
}

/** Every file of a new subgraph, by path below the root of the repository. */
export function renderSubgraph(names: SubgraphNames, values: TemplateValues): Map<string, string> {
  const words: Record<string, string> = { ...names, port: String(values.port), stamp: values.stamp, events: values.events.trim() };
  const files = globSync(`**/*${SUFFIX}`, { cwd: TEMPLATES }).sort();
  return new Map(
    files.map((file) => [fill(file.slice(0, -SUFFIX.length), words), fill(readFileSync(join(TEMPLATES, file), 'utf8'), words)]),
  );
}

/** `__name__` becomes the word; "a" before it becomes "an" where it has to. */
function fill(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/(\b[Aa] )?__([A-Za-z]+?)__/g, (whole, article: string | undefined, key: string) => {
    const word = words[key];
    if (word === undefined) return whole;
    return `${article === undefined ? '' : withArticle(article, word)}${word}`;
  });
}

function withArticle(article: string, word: string): string {
  return /^[aeiou]/i.test(word) ? `${article.trim()}n ` : article;
}
