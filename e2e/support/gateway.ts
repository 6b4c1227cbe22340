/** One answer of a GraphQL server. */
export interface Answer<Data> {
  readonly status: number;
  readonly data: Data | null | undefined;
  readonly errors: readonly AnswerError[] | undefined;
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string } & Readonly<Record<string, unknown>>;
}

export interface Request {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** Access token of the signed-in caller. */
  readonly token?: string | undefined;
}

/** Sends one operation the way a browser's fetch would. */
export async function send<Data>(url: string, { token, ...body }: Request): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = (await response.json()) as Omit<Answer<Data>, 'status'>;
  return { status: response.status, data: answer.data, errors: answer.errors };
}

/** The data of an answer without errors. @throws Error with the errors otherwise. */
export async function sendOk<Data>(url: string, request: Request): Promise<Data> {
  const answer = await send<Data>(url, request);
  if (answer.errors !== undefined || answer.data === null || answer.data === undefined) {
    throw new Error(`expected data without errors, got HTTP ${answer.status}: ${JSON.stringify(answer.errors, null, 1)}`);
  }
  return answer.data;
}

/** Codes of an answer's errors, in the order given. */
export function codesOf(answer: Answer<unknown>): string[] {
  return (answer.errors ?? []).map(({ extensions }) => extensions?.code ?? 'none');
}
