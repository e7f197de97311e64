/** Paths of OpenAI's API that a replica can serve, as they are. */
export const openaiEndpoints = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'] as const;

/** What a replica can be asked in the Open Inference Protocol; the path really asked also holds the model's name. */
export const oipEndpoints = ['/v2/models/infer', '/v2/models/metadata'] as const;

/** Everything of the request API that a replica can serve. */
export const endpointPaths = [...openaiEndpoints, ...oipEndpoints] as const;

export type EndpointPath = (typeof endpointPaths)[number];
