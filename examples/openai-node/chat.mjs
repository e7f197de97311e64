/**
 * The official OpenAI client against Millrace: one answer, then one streamed.
 *
 *     npm start                                 (in another terminal)
 *     node examples/openai-node/chat.mjs
 *
 * MILLRACE_URL, MILLRACE_KEY and MILLRACE_MODEL choose another platform, key and deployment.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import OpenAI from 'openai';

const {
  MILLRACE_URL: url = 'http://127.0.0.1:8080',
  MILLRACE_HOME: home = join(homedir(), '.millrace'),
  MILLRACE_KEY: key = readFileSync(join(home, 'admin.key'), 'utf8').trim(),
  MILLRACE_MODEL: model = 'demo',
} = process.env;

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });

const answer = await client.chat.completions.create({
  model,
  messages: [{ role: 'user', content: 'Count from 3 to 9.' }],
  max_tokens: 48,
  temperature: 0,
});
console.log(answer.choices[0].message.content);
console.log(`(${answer.usage.completion_tokens} tokens, ${answer.choices[0].finish_reason})`);

const stream = await client.chat.completions.create({
  model,
  messages: [{ role: 'user', content: 'Tell me a short story.' }],
  max_tokens: 120,
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
console.log();
