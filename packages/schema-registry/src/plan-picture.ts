import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import { escapeMarkup } from './escape-markup.ts';

/** A drawn part of a plan: its size, and what draws it at a place. */
interface Part {
  readonly width: number;
  readonly height: number;
  readonly draw: (x: number, y: number) => string;
}

const LINE = 18;
const PADDING = 12;
const GAP = 20;
const ARROW = 44;
/** Width of a character of the monospace font at 13 px. */
const CHARACTER = 7.9;
const MAX_LINES = 8;
const MAX_CHARACTERS = 44;
const MAX_PATH = 26;

/** Fills and borders that tell subgraphs apart on a white page, also in print. */
const COLOURS: readonly (readonly [fill: string, border: string])[] = [
  ['#e3f0fd', '#2563a8'],
  ['#e6f5e6', '#2f7a35'],
  ['#fdf0dc', '#a8690c'],
  ['#f6e6f7', '#86328c'],
  ['#fde6e6', '#b03434'],
  ['#e2f5f4', '#1d7772'],
  ['#f1f0da', '#6f6a12'],
  ['#ececf9', '#4b49a8'],
];

/** What stands above the picture. */
export interface PictureTitle {
  readonly name: string;
  readonly cost: number;
  readonly fetches: number;
  readonly depth: number;
}

/**
 * Draws a plan as an SVG: time goes from left to right, what happens at the same time stands one above the other. Each box is a call of a
 * subgraph with the fields that it asks for; hovering shows the whole request.
 */
export function planPicture({ node }: QueryPlan, { name, cost, fetches, depth }: PictureTitle): string {
  const colours = new Map<string, number>();
  const body = node === undefined || node.kind === 'Subscription' ? textBox(['answered by the gateway itself']) : partOf(node, [], colours);
  const title = `${name}: cost ${cost}, ${fetches} calls, ${depth} of them one after the other`;
  const width = Math.ceil(Math.max(body.width, title.length * CHARACTER) + 2 * GAP);
  const height = Math.ceil(body.height + 2 * GAP + 2 * LINE);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
<title>${escapeMarkup(title)}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${GAP}" y="${GAP + 8}" font-weight="bold" fill="#222">${escapeMarkup(title)}</text>
${body.draw(GAP, GAP + 2 * LINE)}
</svg>
`;
}

function partOf(node: PlanNode, path: readonly (string | number)[], colours: Map<string, number>): Part {
  switch (node.kind) {
    case 'Fetch':
      return fetchBox(node, path, colours);
    case 'Flatten':
      return partOf(node.node, [...path, ...node.path], colours);
    case 'Sequence':
      return inSequence(node.nodes.map((child) => partOf(child, path, colours)));
    case 'Parallel':
      return sideBySide(node.nodes.map((child) => partOf(child, path, colours)));
    case 'Condition': {
      const clause = (child: PlanNode | undefined, label: string) => (child ? [framed(label, partOf(child, path, colours))] : []);
      return sideBySide([...clause(node.ifClause, `if $${node.condition}`), ...clause(node.elseClause, `if not $${node.condition}`)]);
    }
    case 'Defer': {
      const primary = node.primary.node ? [partOf(node.primary.node, path, colours)] : [];
      const deferred = node.deferred.flatMap((part) =>
        part.node ? [framed(`later: ${part.label ?? ''}`, partOf(part.node, path, colours))] : [],
      );
      return inSequence([...primary, ...(deferred.length > 0 ? [sideBySide(deferred)] : [])]);
    }
  }
}

function inSequence(parts: readonly Part[]): Part {
  const height = Math.max(0, ...parts.map((part) => part.height));
  const width = parts.reduce((sum, part) => sum + part.width, 0) + ARROW * Math.max(0, parts.length - 1);
  return {
    width,
    height,
    draw: (x, y) => {
      let left = x;
      return parts
        .map((part, index) => {
          const middle = y + height / 2;
          const arrow =
            index === 0
              ? ''
              : `<line x1="${left + 4}" y1="${middle}" x2="${left + ARROW - 4}" y2="${middle}" stroke="#555" stroke-width="1.5" marker-end="url(#tip)"/>\n`;
          left += index === 0 ? 0 : ARROW;
          const drawn = arrow + part.draw(left, middle - part.height / 2);
          left += part.width;
          return drawn;
        })
        .join('\n');
    },
  };
}

/** One above the other, with a line on the left when there are several. */
function sideBySide(parts: readonly Part[]): Part {
  const indent = parts.length > 1 ? PADDING : 0;
  const width = indent + Math.max(0, ...parts.map((part) => part.width));
  const height = parts.reduce((sum, part) => sum + part.height, 0) + GAP * Math.max(0, parts.length - 1);
  return {
    width,
    height,
    draw: (x, y) => {
      let top = y;
      const line = indent > 0 ? `<line x1="${x}" y1="${y}" x2="${x}" y2="${y + height}" stroke="#888" stroke-width="1.5"/>\n` : '';
      const drawn = parts.map((part) => {
        const text = part.draw(x + indent, top);
        top += part.height + GAP;
        return text;
      });
      return line + drawn.join('\n');
    },
  };
}

function framed(label: string, part: Part): Part {
  const width = Math.max(part.width, label.length * CHARACTER) + 2 * PADDING;
  const height = part.height + 2 * PADDING + LINE;
  return {
    width,
    height,
    draw: (x, y) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="none" stroke="#888" stroke-dasharray="5 4"/>
<text x="${x + PADDING}" y="${y + LINE}" fill="#555">${escapeMarkup(label)}</text>
${part.draw(x + PADDING, y + PADDING + LINE)}`,
  };
}

function fetchBox(node: FetchNode, path: readonly (string | number)[], colours: Map<string, number>): Part {
  const { serviceName: service, operation, requires } = node;
  if (!colours.has(service)) colours.set(service, colours.size);
  const colour = COLOURS[(colours.get(service) ?? 0) % COLOURS.length];
  const kind = requires ? `entities at ${placeText(path.join('.'))}` : node.operationKind;
  return textBox([service, kind, ...fieldLines(operation)], colour, operation);
}

function textBox(all: readonly string[], [fill, border]: readonly [string, string] = ['#eee', '#888'], whole = ''): Part {
  const lines = (all.length > MAX_LINES ? [...all.slice(0, MAX_LINES - 1), `… ${all.length - MAX_LINES + 1} more`] : all).map(shortened);
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * CHARACTER + 2 * PADDING);
  const height = lines.length * LINE + 2 * PADDING - 6;
  return {
    width,
    height,
    draw: (x, y) => {
      const texts = lines.map((line, index) => {
        const style = index === 0 ? ` font-weight="bold" fill="${border}"` : index === 1 ? ' fill="#666"' : ' fill="#222"';
        return `<text x="${x + PADDING}" y="${y + PADDING + 8 + index * LINE}"${style} xml:space="preserve">${escapeMarkup(line)}</text>`;
      });
      return `<g><title>${escapeMarkup(whole)}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" stroke="${border}"/>
${texts.join('\n')}</g>`;
    },
  };
}

/** The end of a path says most. */
function placeText(path: string): string {
  return path.length > MAX_PATH ? `…${path.slice(1 - MAX_PATH)}` : path;
}

function shortened(line: string): string {
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS - 1)}…` : line;
}

/** The fields of a request to a subgraph: those of each entity type in a line, or one root field with its fields. */
function fieldLines(text: string): string[] {
  const operation = parse(text).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fields = (operation?.selectionSet.selections ?? []).flatMap((node) => (node.kind === Kind.FIELD ? [node] : []));
  return fields.flatMap((field) =>
    field.name.value === '_entities'
      ? (field.selectionSet?.selections ?? []).flatMap((node) =>
          node.kind === Kind.INLINE_FRAGMENT ? [`${node.typeCondition?.name.value}: ${namesIn(node.selectionSet)}`] : [],
        )
      : [`${field.name.value}${field.selectionSet ? ` { ${namesIn(field.selectionSet)} }` : ''}`],
  );
}

function namesIn({ selections }: SelectionSetNode): string {
  const names = selections.map((node) =>
    node.kind === Kind.FIELD ? node.name.value : `… on ${'typeCondition' in node ? node.typeCondition?.name.value : node.kind}`,
  );
  return names.filter((name) => name !== '__typename').join(' ');
}
