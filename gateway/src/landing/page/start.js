import { showInspection } from './inspector.js';

/** Where the browser remembers whether plan and timing are shown. */
const REMEMBERED = 'gateway:inspects';
/** Codes of a token that is no longer good. */
const SIGNED_OUT = 'UNAUTHENTICATED';

const SIGN_IN =
  'mutation SignIn($email: String!, $password: String!) { sessionCreate(input: { email: $email, password: $password }) { accessToken userErrors { message } } }';

const select = document.querySelector('#logins');
const who = document.querySelector('#who');
const inspects = document.querySelector('#inspects');
const inspector = document.querySelector('#inspector');

/** The token stays on this page: a reload asks as nobody. */
let token;
let password = '';

async function send(body, headers = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** What GraphiQL calls. Plan and timing go to their own place, so that the answer reads as other clients get it. */
async function ask(body, options) {
  const isIntrospection = body.operationName === 'IntrospectionQuery';
  const isWatched = inspects.checked && !isIntrospection;
  const headers = { ...(isWatched && { 'x-gateway-inspect': '1', 'apollo-expose-query-plan': 'true' }), ...options?.headers };
  let answer = await send(body, headers);
  if (token && select.value !== '' && answer.errors?.some((error) => error.extensions?.code === SIGNED_OUT)) {
    await signIn(select.value);
    if (token) answer = await send(body, headers);
  }
  if (isWatched) answer = watched(answer, body.operationName);
  return answer;
}

function watched(answer, name) {
  const { inspection, apolloQueryPlan, ...others } = answer.extensions ?? {};
  showInspection({ name, inspection, plan: apolloQueryPlan?.text, errors: answer.errors ?? [] });
  const { extensions: _, ...rest } = answer;
  return Object.keys(others).length > 0 ? { ...rest, extensions: others } : rest;
}

async function signIn(email) {
  token = undefined;
  tell(email === '' ? '' : 'signing in …');
  if (email === '') return;
  try {
    const { data, errors } = await send({ query: SIGN_IN, variables: { email, password } });
    token = data?.sessionCreate?.accessToken;
    const problem = data?.sessionCreate?.userErrors?.[0]?.message ?? errors?.[0]?.message ?? 'No answer.';
    if (token) tell('signed in');
    else tell(`not signed in: ${problem}`, true);
  } catch (error) {
    tell(`not signed in: ${error.message}`, true);
  }
}

function tell(text, isFailure = false) {
  who.textContent = text;
  who.classList.toggle('failed', isFailure);
}

function showLogins(logins) {
  password = logins.password;
  select.append(new Option('nobody', ''), ...logins.emails.map((email) => new Option(email, email)));
  select.addEventListener('change', () => signIn(select.value));
  document.querySelector('#ask-as').hidden = logins.emails.length === 0;
}

function toggle() {
  inspector.hidden = !inspects.checked;
  localStorage.setItem(REMEMBERED, String(inspects.checked));
}

inspects.checked = localStorage.getItem(REMEMBERED) !== 'false';
inspects.addEventListener('change', toggle);
toggle();
fetch('/graphiql/logins.json')
  .then((response) => response.json())
  .then(showLogins);
const { React, ReactDOM, GraphiQL } = globalThis;
ReactDOM.createRoot(document.querySelector('#graphiql')).render(
  React.createElement(GraphiQL, { fetcher: ask, shouldPersistHeaders: false, defaultEditorToolsVisibility: 'variables' }),
);
