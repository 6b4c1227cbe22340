import { type Html, html, type Part } from './html.ts';

/** The parts of a graph's site, in the order of its navigation. */
const sections = [
  ['', 'Overview'],
  ['schema', 'Schema'],
  ['versions', 'Changes'],
  ['checks', 'Checks'],
  ['operations', 'Operations'],
  ['clients', 'Clients'],
] as const;

/** A section by the last part of its address. */
export type Section = (typeof sections)[number][0];

/** What stands on a page. */
export interface Page {
  readonly title: string;
  /** Absent on pages that belong to no graph. */
  readonly graph?: string;
  readonly section?: Section;
  readonly body: Part;
}

/** The address of something of a graph. */
export function path(graph: string, ...parts: readonly (string | number)[]): string {
  return ['/graphs', graph, ...parts].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');
}

/** A whole document. */
export function document({ title, graph, section, body }: Page): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}${graph && ` · ${graph}`} · Schema registry</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header>
<div><a href="/">Schema registry</a>${graph && html` / <span class="graph">${graph}</span>`}</div>
${graph ? navigation(graph, section) : html`<nav></nav>`}
</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return page.text;
}

function navigation(graph: string, current: Section | undefined): Html {
  const link = ([section, name]: (typeof sections)[number]) => {
    const address = section === '' ? path(graph) : path(graph, section);
    return section === current ? html`<a href="${address}" aria-current="page">${name}</a>` : html`<a href="${address}">${name}</a>`;
  };
  return html`<nav>${sections.map(link)}</nav>`;
}
