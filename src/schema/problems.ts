/**
 * Every refusal the platform knows, in one table: HTTP bodies, SDK errors, CLI exit codes and the reference page
 * come from it. `blame` says who can mend it, `retry` whether trying again can help.
 */
interface ProblemRow {
  readonly status: number;
  readonly blame: 'caller' | 'platform' | 'model';
  readonly retry: 'never' | 'later' | 'now';
  /** The meaning, for the reference page, and what to do. */
  readonly summary: string;
}

export const problems = {
  invalid_json: {
    status: 400,
    blame: 'caller',
    retry: 'never',
    summary: 'The body is not JSON. Send a JSON object and `content-type: application/json`.',
  },
  invalid_request: {
    status: 400,
    blame: 'caller',
    retry: 'never',
    summary: 'A field is missing, misspelt or of the wrong type; `param` names it.',
  },
  unsupported_parameter: {
    status: 400,
    blame: 'caller',
    retry: 'never',
    summary:
      'The engine behind this deployment cannot do what the parameter asks. Leave it out or choose another deployment.',
  },
  unsupported_endpoint: {
    status: 400,
    blame: 'caller',
    retry: 'never',
    summary: 'The model behind this deployment does not serve this endpoint.',
  },
  context_length_exceeded: {
    status: 400,
    blame: 'caller',
    retry: 'never',
    summary: 'Prompt and wanted answer are longer than the context of the model. Shorten them.',
  },
  missing_key: {
    status: 401,
    blame: 'caller',
    retry: 'never',
    summary: 'No key was sent. Send `Authorization: Bearer KEY`.',
  },
  invalid_key: {
    status: 401,
    blame: 'caller',
    retry: 'never',
    summary: 'The key is unknown, expired or revoked.',
  },
  forbidden: {
    status: 403,
    blame: 'caller',
    retry: 'never',
    summary: 'The key lacks the scope that this needs.',
  },
  not_found: {
    status: 404,
    blame: 'caller',
    retry: 'never',
    summary: 'There is nothing under this path or name.',
  },
  model_not_found: {
    status: 404,
    blame: 'caller',
    retry: 'never',
    summary: 'No deployment serves this model. `GET /v1/models` lists those that there are.',
  },
  method_not_allowed: {
    status: 405,
    blame: 'caller',
    retry: 'never',
    summary: 'The path exists, but not for this method.',
  },
  request_timeout: {
    status: 408,
    blame: 'caller',
    retry: 'now',
    summary: 'The request did not arrive completely in time.',
  },
  version_conflict: {
    status: 409,
    blame: 'caller',
    retry: 'now',
    summary: 'The resource was changed by someone else in between. Read it again and repeat the change.',
  },
  superseded: {
    status: 409,
    blame: 'platform',
    retry: 'never',
    summary: 'Another process leads the platform now: what this one decided is not written any more.',
  },
  version_expired: {
    status: 410,
    blame: 'caller',
    retry: 'now',
    summary: 'The change history no longer reaches back this far. List again and watch from there.',
  },
  idempotency_conflict: {
    status: 409,
    blame: 'caller',
    retry: 'never',
    summary: 'The idempotency key was used before, for something else. Use a new one for a new request.',
  },
  task_unfinished: {
    status: 409,
    blame: 'caller',
    retry: 'later',
    summary: 'The task has no result yet. Follow its events, or ask again after a while.',
  },
  task_cancelled: {
    status: 409,
    blame: 'caller',
    retry: 'never',
    summary: 'The task was cancelled and has no result. A replay begins it anew.',
  },
  task_succeeded: {
    status: 409,
    blame: 'caller',
    retry: 'never',
    summary:
      'The task has succeeded, and that is for ever. To have it done once more, hand it in again, under another idempotency key.',
  },
  in_use: {
    status: 409,
    blame: 'caller',
    retry: 'never',
    summary: 'Something still refers to the resource. Delete that first.',
  },
  upload_conflict: {
    status: 409,
    blame: 'caller',
    retry: 'now',
    summary:
      'The upload stands at another offset, or is open with another size or digest. Ask for its state and go on from there.',
  },
  payload_too_large: {
    status: 413,
    blame: 'caller',
    retry: 'never',
    summary: 'The body is larger than the limit (`limits.bodyBytes`).',
  },
  headers_too_large: {
    status: 431,
    blame: 'caller',
    retry: 'never',
    summary: 'The headers are larger than the limit.',
  },
  invalid_resource: {
    status: 422,
    blame: 'caller',
    retry: 'never',
    summary:
      'The resource does not fit its schema or refers to something that does not exist; `param` names the field.',
  },
  not_a_model: {
    status: 422,
    blame: 'caller',
    retry: 'never',
    summary: 'The file is not a model that any engine here can load; the message says what is wrong with it.',
  },
  digest_mismatch: {
    status: 422,
    blame: 'caller',
    retry: 'now',
    summary: 'The bytes that arrived do not have the digest that was announced. Send them again.',
  },
  source_unavailable: {
    status: 502,
    blame: 'platform',
    retry: 'later',
    summary: 'The place to pull the file from did not deliver it; the message says why.',
  },
  rate_limited: {
    status: 429,
    blame: 'caller',
    retry: 'later',
    summary: 'More requests are waiting than are allowed. Wait as long as `Retry-After` says.',
  },
  too_many_tasks: {
    status: 429,
    blame: 'caller',
    retry: 'later',
    summary:
      'The tenant has as many tasks that wait or run as it may (`tasks.unfinishedMax`). Wait until some have ended.',
  },
  client_closed_request: {
    status: 499,
    blame: 'caller',
    retry: 'never',
    summary: 'The client went away before the answer was complete.',
  },
  internal: {
    status: 500,
    blame: 'platform',
    retry: 'now',
    summary: 'A fault of the platform; the log has more under the request id.',
  },
  replica_failed: {
    status: 502,
    blame: 'model',
    retry: 'now',
    summary: 'The replica that worked on the request ended or answered nonsense. It is being replaced.',
  },
  step_failed: {
    status: 500,
    blame: 'platform',
    retry: 'now',
    summary: "The deployment's own step (`spec.steps`) failed; the log says more.",
  },
  step_refused: {
    status: 400,
    blame: 'caller',
    retry: 'never',
    summary: "The deployment's own step (`spec.steps`) refused the request; the message is the step's.",
  },
  step_timeout: {
    status: 504,
    blame: 'platform',
    retry: 'now',
    summary: "The deployment's own step (`spec.steps`) took longer than its `timeoutMs` and was stopped.",
  },
  overloaded: {
    status: 503,
    blame: 'platform',
    retry: 'later',
    summary: 'The queue of this deployment is full. Wait as long as `Retry-After` says.',
  },
  model_loading: {
    status: 503,
    blame: 'platform',
    retry: 'later',
    summary: 'The model is still loading; the message says how far it is and how long it should take.',
  },
  model_unavailable: {
    status: 503,
    blame: 'model',
    retry: 'later',
    summary: 'No replica of this deployment can be started at present; the message says why.',
  },
  shutting_down: { status: 503, blame: 'platform', retry: 'later', summary: 'The platform is stopping.' },
  store_unreachable: {
    status: 503,
    blame: 'platform',
    retry: 'later',
    summary:
      'The database cannot be reached just now; the message says why. Nothing that was acknowledged is lost.',
  },
  storage_full: {
    status: 507,
    blame: 'platform',
    retry: 'later',
    summary: 'The disk is full. Nothing that was acknowledged is lost; free some space and try again.',
  },
  storage_unavailable: {
    status: 503,
    blame: 'platform',
    retry: 'later',
    summary: 'The place where big files are kept could not be used; the message says why.',
  },
  store_unusable: {
    status: 500,
    blame: 'platform',
    retry: 'never',
    summary:
      'The store on disk cannot be read: it is damaged, or a newer version wrote it; the message says which. Start that version, or put a backup in its place.',
  },
  deadline_exceeded: {
    status: 504,
    blame: 'caller',
    retry: 'now',
    summary: 'The deadline of the request (`x-deadline-ms`) passed before the answer was ready.',
  },
  already_running: {
    status: 409,
    blame: 'caller',
    retry: 'never',
    summary: 'Another Millrace already runs on this home directory, or under this name in the cluster.',
  },
  address_in_use: {
    status: 409,
    blame: 'caller',
    retry: 'never',
    summary: 'Something else listens on the address. Choose another with `--listen`.',
  },
  invalid_config: {
    status: 400,
    blame: 'caller',
    retry: 'never',
    summary:
      'The configuration does not fit its schema; the message names the property and where its value came from.',
  },
  unreachable: {
    status: 503,
    blame: 'caller',
    retry: 'later',
    summary: 'No platform answers at this address. Start it with `millrace up`, or set `MILLRACE_URL`.',
  },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof problems;
