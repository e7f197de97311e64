import { z } from 'zod';

/** As engines refuse: OpenAI's shape, and that of the Open Inference Protocol. */
const refusal = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });
const textMax = 2000;

/** What an engine said when it refused, for people to read; undefined where it said nothing that can be read. */
export function engineWords(body: Uint8Array): string | undefined {
  try {
    const { error } = refusal.parse(JSON.parse(new TextDecoder().decode(body)));
    const words = typeof error === 'string' ? error : error.message;
    return words === '' ? undefined : words.slice(0, textMax);
  } catch {
    return undefined;
  }
}
