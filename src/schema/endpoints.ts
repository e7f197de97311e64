/** Paths of the request API that a replica can serve. */
export const endpointPaths = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'] as const;

export type EndpointPath = (typeof endpointPaths)[number];
