const summary = document.querySelector('#summary');
const calls = document.querySelector('#calls');
const plan = document.querySelector('#plan');

/** How an answer's origin reads. */
const ORIGINS = { network: 'asked', cache: 'cached', shared: 'joined an equal call' };

/** Shows what one request did: a summary, each call on a common time line, and the plan. Text goes in as text only. */
export function showInspection({ name, inspection, plan: text, errors }) {
  calls.replaceChildren();
  calls.parentElement.scrollTop = 0;
  plan.hidden = text === undefined;
  plan.querySelector('pre').textContent = text ?? '';
  summary.replaceChildren(...summaryOf({ name, inspection, errors }));
  if (inspection && inspection.fetches.length > 0) calls.append(table(inspection));
}

function summaryOf({ name, inspection, errors }) {
  const lines = [];
  if (!inspection) lines.push('The gateway told nothing about this request.');
  else if (inspection.isFromCache)
    lines.push(`${name ?? 'The operation'}: the whole answer came from the cache in ${ms(inspection.totalMs)}.`);
  else {
    const count = inspection.fetches.length;
    lines.push(
      `${name ?? 'The operation'}: ${ms(inspection.totalMs)}, of which ${ms(inspection.planningMs)} for the plan; ${count === 1 ? '1 call' : `${count} calls`} of subgraphs.`,
    );
  }
  const problems = problemsOf(errors);
  return problems === '' ? lines : [...lines, element('span', { className: 'problems', textContent: ` ${problems}` })];
}

/** `2 × UNAUTHORIZED_FIELD_OR_TYPE at me.orders, me.email` */
function problemsOf(errors) {
  const byCode = Map.groupBy(errors, (error) => error.extensions?.code ?? 'error');
  return [...byCode]
    .map(([code, list]) => {
      const paths = [...new Set(list.flatMap(({ path }) => (path ? [path.join('.')] : [])))];
      return `${list.length} × ${code}${paths.length > 0 ? ` at ${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ', …' : ''}` : ''}.`;
    })
    .join(' ');
}

function table({ fetches, totalMs }) {
  const end = Math.max(totalMs, ...fetches.map((call) => call.startedAtMs + call.tookMs));
  const rows = fetches.flatMap((call) => rowsOf(call, end));
  const head = ['subgraph', 'at', 'entities', 'answer', 'size', 'ms', ''].map((text, index) =>
    element('th', { textContent: text, className: [2, 4, 5].includes(index) ? 'number' : '' }),
  );
  return element('table', {}, [element('thead', {}, [element('tr', {}, head)]), element('tbody', {}, rows)]);
}

/** A row for a call, and a hidden one with its query that a click shows. */
function rowsOf(call, end) {
  const query = element('tr', { hidden: true }, [element('td', { colSpan: 7 }, [element('pre', { textContent: formatted(call.query) })])]);
  const button = element('button', { className: 'call', type: 'button', textContent: call.subgraph, title: 'Show what it was asked' });
  button.addEventListener('click', () => {
    query.hidden = !query.hidden;
  });
  const isFailed = call.outcome !== 'ok';
  const where = placesOf(call);
  const cells = [
    element('td', {}, [button]),
    element('td', { className: 'where', textContent: where, title: where }),
    element('td', { className: 'number', textContent: entitiesOf(call) }),
    element('td', { className: isFailed ? 'failed' : '', textContent: isFailed ? call.outcome : ORIGINS[call.from] }),
    element('td', { className: 'number', textContent: sizeOf(call) }),
    element('td', { className: 'number', textContent: call.tookMs.toFixed(1) }),
    element('td', { className: 'time' }, [bar(call, { end, isFailed })]),
  ];
  return [element('tr', {}, cells), query];
}

function bar({ startedAtMs, tookMs, from }, { end, isFailed }) {
  const line = document.createElement('i');
  line.style.left = `${(startedAtMs / end) * 100}%`;
  line.style.width = `${(tookMs / end) * 100}%`;
  return element(
    'div',
    { className: `bar ${isFailed ? 'failed' : from}`, title: `from ${ms(startedAtMs)} to ${ms(startedAtMs + tookMs)}` },
    [line],
  );
}

function placesOf({ paths }) {
  const places = paths.map((path) => path.join('.')).filter((path) => path !== '');
  return places.length === 0 ? 'the root' : places.join(', ');
}

function entitiesOf({ entities, askedEntities }) {
  if (entities === 0) return '';
  return entities === askedEntities ? String(entities) : `${askedEntities} of ${entities}`;
}

function sizeOf({ size }) {
  if (size === 0) return '';
  return size < 1_000 ? `${size} B` : `${(size / 1_000).toFixed(1)} kB`;
}

/** A query of the planner has no line breaks. */
function formatted(query) {
  let depth = 0;
  const lines = query.replaceAll(/\s*\{/g, ' {\n').replaceAll('}', '\n}\n').split('\n');
  const indented = lines.flatMap((line) => {
    const text = line.trim();
    if (text === '') return [];
    if (text.startsWith('}')) depth--;
    const made = '  '.repeat(Math.max(0, depth)) + text;
    if (text.endsWith('{')) depth++;
    return [made];
  });
  return indented.join('\n');
}

function ms(value) {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function element(tag, properties, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
