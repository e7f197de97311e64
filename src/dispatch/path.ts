import type { OutboundCall } from '#contracts';
import type { Ask } from './ask.ts';
import { renameModel } from './rename-model.ts';
import type { Slot } from './route.ts';

/** How a replica is asked: in the Open Inference Protocol the path holds the model's name there. */
export function wayTo(
  ask: Ask,
  { modelThere, modelInBody }: Slot,
): Pick<OutboundCall, 'method' | 'path' | 'body'> {
  const { endpoint, body } = ask;
  const model = `/v2/models/${encodeURIComponent(modelThere)}`;
  if (endpoint === '/v2/models/infer') return { method: 'POST', path: `${model}/infer`, body };
  if (endpoint === '/v2/models/metadata') return { method: 'GET', path: model, body: undefined };
  const named = modelInBody === undefined ? body : renameModel(ask, modelInBody).body;
  return { method: 'POST', path: endpoint, body: named };
}
