import { Agent, request as send } from 'undici';
import { recorder } from './recording.ts';
import { serveJson } from './serve-json.ts';

/**
 * The limit to approach: a Node server that sends the bodies which one execution of ours sent, in the same waves, parses the answers and
 * serializes an answer of the right size. It knows nothing of GraphQL.
 */
const [port, firstPort] = process.argv.slice(2);
const recordingOf = recorder(Number(firstPort));
const dispatcher = new Agent({ connections: 64 });

serveJson(Number(port), async (body) => {
  const { waves, answer } = await recordingOf(JSON.parse(body).query);
  for (const wave of waves) {
    await Promise.all(
      wave.map(async ({ url, body }) => {
        const response = await send(url, { dispatcher, method: 'POST', headers: { 'content-type': 'application/json' }, body });
        return JSON.parse(await response.body.text());
      }),
    );
  }
  return JSON.stringify(answer);
});
