/** Colours of terminals; index by position to tell neighbours apart. */
const COLOURS = [36, 32, 35, 33, 34, 96, 92, 95, 93, 94];
const LEVELS: Readonly<Record<number, string>> = { 10: 'TRACE', 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };
/** Fields every line has; they say nothing in a merged log with prefixes. */
const DULL = new Set(['level', 'time', 'pid', 'hostname', 'service', 'name', 'msg', 'v']);

/** Turns the lines of several processes into one readable log. */
export interface LogFormat {
  /** The line as it is to be shown: prefixed with its process, structured logs made readable. */
  line(process: string, line: string): string;
}

/** A format for these processes; `isColoured` for terminals. */
export function logFormat(processes: readonly string[], isColoured: boolean): LogFormat {
  const width = Math.max(0, ...processes.map((name) => name.length));
  return {
    line(process, line) {
      const prefix = process.padEnd(width);
      const colour = COLOURS[Math.max(0, processes.indexOf(process)) % COLOURS.length];
      return `${isColoured ? `\x1b[${colour}m${prefix} |\x1b[0m` : `${prefix} |`} ${readable(line)}`;
    },
  };
}

function readable(line: string): string {
  const entry = parseEntry(line);
  if (entry === undefined) return line;
  const level =
    typeof entry['level'] === 'number' ? (LEVELS[entry['level']] ?? String(entry['level'])) : String(entry['level']).toUpperCase();
  const rest = Object.entries(entry)
    .filter(([key]) => !DULL.has(key))
    .map(([key, value]) => `${key}=${shown(value)}`);
  return [level, String(entry['msg'] ?? ''), ...rest].filter((part) => part !== '').join(' ');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isRecord(value) && typeof value['stack'] === 'string') return value['stack'];
  return JSON.stringify(value);
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return isRecord(entry) && 'level' in entry ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
