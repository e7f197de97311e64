/** Generated from the schema by `npm run generate`; do not edit. */

/** A model as people speak of it. */
export interface Model {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** A model as people speak of it. */
  readonly kind: "Model";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** What it is for. `/v1/inference` asks it accordingly. */
    readonly task: "chat" | "completion" | "embedding";
    /** One or two sentences for the people who choose it. */
    readonly description?: string | undefined;
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: Readonly<Record<string, never>> | undefined;
}

/** Model as you send it: what has a default may be left out. */
export interface ModelInput {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion?: "millrace.dev/v1" | undefined;
  /** A model as people speak of it. */
  readonly kind: "Model";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** What it is for. `/v1/inference` asks it accordingly. */
    readonly task?: "chat" | "completion" | "embedding" | undefined;
    /** One or two sentences for the people who choose it. */
    readonly description?: string | undefined;
  };
}

/** One immutable state of a model: its file, by digest. */
export interface ModelVersion {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** One immutable state of a model: its file, by digest. */
  readonly kind: "ModelVersion";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Model this is a version of. */
    readonly model: string;
    /** For example "1" or "2026-11-20". */
    readonly version: string;
    /** `upload` (pushed), `file:/path`, `https://…`, `s3://BUCKET/KEY`, or `hf:OWNER/REPO/FILE[@REVISION]`; `none` where the engine needs no file, because the model runs elsewhere. */
    readonly source: string;
    /** `gguf` or `onnx`; found by itself when absent. */
    readonly format?: string | undefined;
    /** Content address of the file. Required for `upload`; checked for the others. */
    readonly digest?: string | undefined;
    /** Where it comes from, for the record. */
    readonly metadata?: {
      /** What it was trained on. */
      readonly trainingData?: string | undefined;
      /** Measured qualities, by name. */
      readonly metrics?: Readonly<Record<string, number>> | undefined;
      /** Commit of the code that made it. */
      readonly commit?: string | undefined;
      /** The run that made it, as whoever ran it calls it. */
      readonly trainingJob?: string | undefined;
      /** What models for its `task` have to say of themselves; see the guide to the registry. */
      readonly details?: Readonly<Record<string, unknown>> | undefined;
    } | undefined;
    /** The ModelVersion it was derived from. */
    readonly parent?: string | undefined;
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: {
    /** Only a `ready` version can be deployed. */
    readonly state: "pending" | "pulling" | "ready" | "failed";
    /** The `generation` this status speaks of. */
    readonly observedGeneration?: number | undefined;
    /** After a failure that may pass: when the next attempt is made; RFC 3339. Absent: only a changed `spec` can help. */
    readonly nextTryAt?: string | undefined;
    /** Why it failed, or what it waits for. */
    readonly message?: string | undefined;
    /** Content address of the file that is here. */
    readonly digest?: string | undefined;
    /** Size of the file. */
    readonly sizeBytes?: number | undefined;
    /** While pulling: how much has come. */
    readonly receivedBytes?: number | undefined;
    /** While pulling: how long the rest should take. */
    readonly remainingMs?: number | undefined;
    /** What the file is. */
    readonly format?: string | undefined;
    /** What the file says about itself. */
    readonly facts?: Readonly<Record<string, string | number | boolean>> | undefined;
    /** How long requests occupy a place, by engine and hardware; learned while serving. */
    readonly serviceCurves?: ReadonlyArray<{
      /** The engine it was measured on. */
      readonly engine: string;
      /** The machine it was measured on, or the endpoint of an external engine. */
      readonly hardware: string;
      /** Milliseconds for each token of the prompt, or each request of a batch. */
      readonly inputMs: number;
      /** Milliseconds for each token of the answer. */
      readonly outputMs: number;
      /** Milliseconds whatever the size. */
      readonly fixedMs: number;
      /** Measurements it rests on. */
      readonly samples: number;
      /** How far a prediction is usually off. */
      readonly spreadMs: number;
      /** The usual size of what comes in: there it is known best. */
      readonly meanInputs: number;
      /** The usual size of an answer. */
      readonly meanOutputs: number;
    }> | undefined;
  } | undefined;
}

/** ModelVersion as you send it: what has a default may be left out. */
export interface ModelVersionInput {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion?: "millrace.dev/v1" | undefined;
  /** One immutable state of a model: its file, by digest. */
  readonly kind: "ModelVersion";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Model this is a version of. */
    readonly model: string;
    /** For example "1" or "2026-11-20". */
    readonly version: string;
    /** `upload` (pushed), `file:/path`, `https://…`, `s3://BUCKET/KEY`, or `hf:OWNER/REPO/FILE[@REVISION]`; `none` where the engine needs no file, because the model runs elsewhere. */
    readonly source: string;
    /** `gguf` or `onnx`; found by itself when absent. */
    readonly format?: string | undefined;
    /** Content address of the file. Required for `upload`; checked for the others. */
    readonly digest?: string | undefined;
    /** Where it comes from, for the record. */
    readonly metadata?: {
      /** What it was trained on. */
      readonly trainingData?: string | undefined;
      /** Measured qualities, by name. */
      readonly metrics?: Readonly<Record<string, number>> | undefined;
      /** Commit of the code that made it. */
      readonly commit?: string | undefined;
      /** The run that made it, as whoever ran it calls it. */
      readonly trainingJob?: string | undefined;
      /** What models for its `task` have to say of themselves; see the guide to the registry. */
      readonly details?: Readonly<Record<string, unknown>> | undefined;
    } | undefined;
    /** The ModelVersion it was derived from. */
    readonly parent?: string | undefined;
  };
}

/** A model version kept running under a name clients ask for. */
export interface Deployment {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** A model version kept running under a name clients ask for. */
  readonly kind: "Deployment";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Model to serve. */
    readonly model: string;
    /** Its version, for example "1". */
    readonly version: string;
    /** The engine and its options. */
    readonly engine: {
      /** What runs it: `llama` (GGUF files), `onnx` (ONNX files), `openai` or `oip` (an endpoint that already runs), `fake`. */
      readonly name: string;
      /** Options of that engine; see its reference page. */
      readonly options: Readonly<Record<string, unknown>>;
      /** For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone. */
      readonly urls?: ReadonlyArray<string> | undefined;
    };
    /** How many replicas to run. */
    readonly replicas: {
      /** At least this many replicas run. */
      readonly min: number;
      /** At most this many. `spec.scaling` needs it, unless `min` is 0: then it is 1 when absent. */
      readonly max?: number | undefined;
    };
    /** Changes their number with the load; `replicas.min` run when absent. */
    readonly scaling?: {
      /** `predictive` looks ahead by the time a start takes; `hpa`, `kpa` and `keda` do as those autoscalers do; `latency` and `band` are plain thresholds; `fixed` keeps `replicas.min`. */
      readonly policy: "fixed" | "predictive" | "hpa" | "kpa" | "keda" | "latency" | "band";
      /** Share of its capacity a replica should be busy (`hpa`, `kpa`, `keda`); each has its own default. */
      readonly target?: number | undefined;
      /** What `hpa` looks at: `utilisation` ends at 1, `load` is what comes, whether it is served or waits. */
      readonly metric: "utilisation" | "load";
      /** Time to the first byte that `latency` aims at. */
      readonly targetLatencyMs: number;
      /** `band`: one replica more above this load. */
      readonly upAt: number;
      /** `band`: one replica less below this load. */
      readonly downAt: number;
      /** `predictive`: the share of requests that should be in time; its headroom follows from it. */
      readonly attainment: number;
      /** A stream that begins later than this is late, and another request that waits longer than this for its place. */
      readonly waitMs: number;
      /** `hpa`, `keda`, `latency`: fewer replicas only after so long a time with less load. */
      readonly scaleDownMs: number;
      /** Not fewer replicas within this time after the last change. */
      readonly cooldownMs: number;
      /** At most so many replicas more at once. */
      readonly stepUpMax?: number | undefined;
      /** At most so many replicas less at once. */
      readonly stepDownMax?: number | undefined;
      /** No replica at all after so long a time without a request, where `replicas.min` is 0; five minutes when absent. */
      readonly toZeroAfterMs?: number | undefined;
      /** Between two decisions. */
      readonly everyMs: number;
      /** How long a start takes; measured for each version when absent. */
      readonly coldStartMs?: number | undefined;
      /** Times of the day with a minimum of their own. */
      readonly schedule: ReadonlyArray<{
        /** On these days; every day when absent. */
        readonly days?: ReadonlyArray<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun"> | undefined;
        /** From this time of the day, UTC. */
        readonly from: string;
        /** Until this time; past midnight when it is earlier than `from`. */
        readonly to: string;
        /** At least so many replicas in that time. */
        readonly min: number;
      }>;
      /** `predictive`: how the load is taken to go on. `reverting` goes back to a slow mean, `seasonal` does as yesterday where that was nearer the truth for a day, `trend`, `holt-winters` and `arima` do as their names say, and `auto` asks the one of all that has been nearest. */
      readonly forecast: "reverting" | "seasonal" | "trend" | "holt-winters" | "arima" | "auto";
      /** `predictive`: `eager` takes the fewest replica-hours, `steady` starts and stops no more than the autoscaler of Kubernetes would, `balanced` is in between. */
      readonly steadiness: "eager" | "balanced" | "steady";
      /** A second policy that advises beside the first: its advice is noted, and may be followed. */
      readonly shadow?: {
        /** Who advises. `learned` was found by search in the simulator. */
        readonly policy: "learned" | "predictive" | "hpa" | "kpa" | "keda" | "latency" | "band";
        /** Whether its advice is followed from when it has shown a gain, and for as long as it shows one. */
        readonly takesOver: boolean;
        /** The share of replica-time it must save, with no more requests late, to take over. */
        readonly gain: number;
        /** For how long it is watched before it may take over. */
        readonly trialMs: number;
      } | undefined;
    } | undefined;
    /** Limits. */
    readonly limits: {
      /** Requests one replica works on at once; the engine knows its own when absent. */
      readonly concurrency?: number | undefined;
      /** Requests that may wait; beyond that 503. */
      readonly queueDepthMax: number;
      /** How long an answer should take from the arrival of its request: requests that could not be answered within it are refused rather than queued, and batches are filled as far as it allows. */
      readonly objectiveMs?: number | undefined;
      /** How long a request is held while the model loads. */
      readonly holdMs: number;
      /** How long an answer may take to begin once a replica was asked: then the replica counts as failing, and another is asked where the request may be made twice. As long as the caller waits when absent. */
      readonly answerMs?: number | undefined;
      /** A replica that has work and makes no progress for this long is replaced. */
      readonly stallMs: number;
      /** How long a replica may finish its work before it is stopped. */
      readonly drainMs: number;
      /** How long a replica may take to load. */
      readonly loadMs: number;
    };
    /** How requests are put together, for engines that take batches. */
    readonly batching: {
      /** Requests that are sent to a replica together at most, to be run as one; 1 sends each alone. The engine knows its own when absent; engines that batch by themselves are never sent more than one. */
      readonly maxSize?: number | undefined;
      /** How long a request waits for others to join, unless the batch is full before. When absent it waits only where that pays and only as long as `limits.objectiveMs` allows; without an objective not at all. */
      readonly windowMs?: number | undefined;
    };
    /** Deployments that answer instead when this one does not; see the guide on fallbacks. */
    readonly fallbacks: ReadonlyArray<{
      /** The Deployment to ask instead. */
      readonly deployment: string;
      /** When: `error` (no replica, or it failed), `timeout` (no answer began in time), `overload` (429 or 503). */
      readonly on: ReadonlyArray<"error" | "timeout" | "overload">;
      /** With `timeout`: how long the answer of the one before may take to begin. When absent, only `holdMs` of a loading model counts. */
      readonly afterMs?: number | undefined;
    }>;
    /** Your own code around requests and answers; see the guide on steps. */
    readonly steps?: {
      /** ES module that exports `pre(request, context)`: changes or refuses requests. Only a key with the scope `admin` may set it. */
      readonly pre?: string | undefined;
      /** ES module that exports `post(response, context)`, for streams `chunk(event, context)`: changes answers. Only a key with the scope `admin` may set it. */
      readonly post?: string | undefined;
      /** A step that takes longer than this is stopped, and what it worked on fails. */
      readonly timeoutMs: number;
      /** Memory of the thread that runs the steps, in MiB; beyond it the thread is replaced. */
      readonly memoryMb: number;
      /** Calls that may wait for the thread; beyond that 503 `overloaded`. */
      readonly queueDepthMax: number;
    } | undefined;
    /** How a replica is chosen. */
    readonly routing: {
      /** Tokens of prompts that one replica keeps, for prompts that begin alike: what the engine sets aside for its prefix cache. A request then goes where more of its prompt was read before, if that is sooner. 0 where the engine keeps none. */
      readonly prefixCacheTokens: number;
    };
    /** What happens when replicas fail or are slow. */
    readonly resilience: {
      /** Trying again on another replica, as long as the caller has heard nothing. */
      readonly retries: {
        /** Attempts one request may make, the first one included. */
        readonly attemptsMax: number;
        /** Retries for each request, over all of them. A few are always free. */
        readonly share: number;
        /** Which work may be done twice: none, that of embeddings and other tensors, or also that of answers that are written. Work that no replica has begun may always be tried again. */
        readonly repeat: "never" | "idempotent" | "always";
      };
      /** A second call for a request that takes longer than 95 of 100; the first answer counts. */
      readonly hedging: {
        /** Whether requests that may be done twice are sent to a second replica when they are slow. */
        readonly enabled: boolean;
        /** Second calls for each request, over all of them. */
        readonly share: number;
      };
      /** Passing over replicas that answer worse than the others: at most a third of them, one of two. */
      readonly ejection: {
        /** Whether replicas that fail more than others are passed over. */
        readonly enabled: boolean;
        /** Failures in a row after which a replica is passed over. */
        readonly failuresInARow: number;
        /** For how long at first; each time so much longer, up to five minutes. */
        readonly baseMs: number;
      };
    };
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: {
    /** Replicas that exist, in whatever state. */
    readonly replicas: number;
    /** Replicas that answer. */
    readonly readyReplicas: number;
    /** The `generation` this status speaks of. */
    readonly observedGeneration?: number | undefined;
    /** Replicas in a row that died before they had been ready for a while. */
    readonly restarts: number;
    /** When the next attempt is made, after failures; RFC 3339. */
    readonly nextStartAt?: string | undefined;
    /** What it waits for or why it fails. */
    readonly message?: string | undefined;
    /** How many replicas there should be, and why. */
    readonly scaling?: {
      /** How many replicas there should be. */
      readonly replicas: number;
      /** Since when; RFC 3339. */
      readonly since: string;
      /** The policy that decided. */
      readonly policy: string;
      /** Why, as a short code. */
      readonly reason: string;
      /** The figures behind it. `without…` is what would have been decided without that part. */
      readonly facts?: Readonly<Record<string, number | string>> | undefined;
      /** What the policy in shadow advised. */
      readonly shadow?: {
        /** The policy that advises. */
        readonly policy: string;
        /** How many replicas it would have. */
        readonly replicas: number;
        /** Whether its advice is followed. */
        readonly leads: boolean;
      } | undefined;
      /** When this was noted; RFC 3339. */
      readonly at: string;
    } | undefined;
    /** How long starts of this version take, as measured. */
    readonly coldStartMs?: number | undefined;
    /** With `spec.engine.urls`: addresses that fail, and when they are tried again. */
    readonly addresses?: ReadonlyArray<{
      /** Which of `spec.engine.urls`. */
      readonly address: string;
      /** Of which version: the template of its replica. */
      readonly template: string;
      /** As `restarts` of the deployment; each address has its own. */
      readonly restarts: number;
      /** When its next attempt is made; RFC 3339. */
      readonly nextStartAt?: string | undefined;
      /** Why it fails. */
      readonly message?: string | undefined;
    }> | undefined;
    /** While a release runs: how the starts of the second version go. */
    readonly beside?: {
      /** Which version: the template of its replicas. */
      readonly template: string;
      /** As `restarts` of the deployment; each version has its own. */
      readonly restarts: number;
      /** When its next attempt is made; RFC 3339. */
      readonly nextStartAt?: string | undefined;
      /** Why it fails. */
      readonly message?: string | undefined;
    } | undefined;
  } | undefined;
}

/** Deployment as you send it: what has a default may be left out. */
export interface DeploymentInput {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion?: "millrace.dev/v1" | undefined;
  /** A model version kept running under a name clients ask for. */
  readonly kind: "Deployment";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Model to serve. */
    readonly model: string;
    /** Its version, for example "1". */
    readonly version: string;
    /** The engine and its options. */
    readonly engine?: {
      /** What runs it: `llama` (GGUF files), `onnx` (ONNX files), `openai` or `oip` (an endpoint that already runs), `fake`. */
      readonly name?: string | undefined;
      /** Options of that engine; see its reference page. */
      readonly options?: Readonly<Record<string, unknown>> | undefined;
      /** For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone. */
      readonly urls?: ReadonlyArray<string> | undefined;
    } | undefined;
    /** How many replicas to run. */
    readonly replicas?: {
      /** At least this many replicas run. */
      readonly min?: number | undefined;
      /** At most this many. `spec.scaling` needs it, unless `min` is 0: then it is 1 when absent. */
      readonly max?: number | undefined;
    } | undefined;
    /** Changes their number with the load; `replicas.min` run when absent. */
    readonly scaling?: {
      /** `predictive` looks ahead by the time a start takes; `hpa`, `kpa` and `keda` do as those autoscalers do; `latency` and `band` are plain thresholds; `fixed` keeps `replicas.min`. */
      readonly policy?: "fixed" | "predictive" | "hpa" | "kpa" | "keda" | "latency" | "band" | undefined;
      /** Share of its capacity a replica should be busy (`hpa`, `kpa`, `keda`); each has its own default. */
      readonly target?: number | undefined;
      /** What `hpa` looks at: `utilisation` ends at 1, `load` is what comes, whether it is served or waits. */
      readonly metric?: "utilisation" | "load" | undefined;
      /** Time to the first byte that `latency` aims at. */
      readonly targetLatencyMs?: number | undefined;
      /** `band`: one replica more above this load. */
      readonly upAt?: number | undefined;
      /** `band`: one replica less below this load. */
      readonly downAt?: number | undefined;
      /** `predictive`: the share of requests that should be in time; its headroom follows from it. */
      readonly attainment?: number | undefined;
      /** A stream that begins later than this is late, and another request that waits longer than this for its place. */
      readonly waitMs?: number | undefined;
      /** `hpa`, `keda`, `latency`: fewer replicas only after so long a time with less load. */
      readonly scaleDownMs?: number | undefined;
      /** Not fewer replicas within this time after the last change. */
      readonly cooldownMs?: number | undefined;
      /** At most so many replicas more at once. */
      readonly stepUpMax?: number | undefined;
      /** At most so many replicas less at once. */
      readonly stepDownMax?: number | undefined;
      /** No replica at all after so long a time without a request, where `replicas.min` is 0; five minutes when absent. */
      readonly toZeroAfterMs?: number | undefined;
      /** Between two decisions. */
      readonly everyMs?: number | undefined;
      /** How long a start takes; measured for each version when absent. */
      readonly coldStartMs?: number | undefined;
      /** Times of the day with a minimum of their own. */
      readonly schedule?: ReadonlyArray<{
        /** On these days; every day when absent. */
        readonly days?: ReadonlyArray<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun"> | undefined;
        /** From this time of the day, UTC. */
        readonly from: string;
        /** Until this time; past midnight when it is earlier than `from`. */
        readonly to: string;
        /** At least so many replicas in that time. */
        readonly min: number;
      }> | undefined;
      /** `predictive`: how the load is taken to go on. `reverting` goes back to a slow mean, `seasonal` does as yesterday where that was nearer the truth for a day, `trend`, `holt-winters` and `arima` do as their names say, and `auto` asks the one of all that has been nearest. */
      readonly forecast?: "reverting" | "seasonal" | "trend" | "holt-winters" | "arima" | "auto" | undefined;
      /** `predictive`: `eager` takes the fewest replica-hours, `steady` starts and stops no more than the autoscaler of Kubernetes would, `balanced` is in between. */
      readonly steadiness?: "eager" | "balanced" | "steady" | undefined;
      /** A second policy that advises beside the first: its advice is noted, and may be followed. */
      readonly shadow?: {
        /** Who advises. `learned` was found by search in the simulator. */
        readonly policy?: "learned" | "predictive" | "hpa" | "kpa" | "keda" | "latency" | "band" | undefined;
        /** Whether its advice is followed from when it has shown a gain, and for as long as it shows one. */
        readonly takesOver?: boolean | undefined;
        /** The share of replica-time it must save, with no more requests late, to take over. */
        readonly gain?: number | undefined;
        /** For how long it is watched before it may take over. */
        readonly trialMs?: number | undefined;
      } | undefined;
    } | undefined;
    /** Limits. */
    readonly limits?: {
      /** Requests one replica works on at once; the engine knows its own when absent. */
      readonly concurrency?: number | undefined;
      /** Requests that may wait; beyond that 503. */
      readonly queueDepthMax?: number | undefined;
      /** How long an answer should take from the arrival of its request: requests that could not be answered within it are refused rather than queued, and batches are filled as far as it allows. */
      readonly objectiveMs?: number | undefined;
      /** How long a request is held while the model loads. */
      readonly holdMs?: number | undefined;
      /** How long an answer may take to begin once a replica was asked: then the replica counts as failing, and another is asked where the request may be made twice. As long as the caller waits when absent. */
      readonly answerMs?: number | undefined;
      /** A replica that has work and makes no progress for this long is replaced. */
      readonly stallMs?: number | undefined;
      /** How long a replica may finish its work before it is stopped. */
      readonly drainMs?: number | undefined;
      /** How long a replica may take to load. */
      readonly loadMs?: number | undefined;
    } | undefined;
    /** How requests are put together, for engines that take batches. */
    readonly batching?: {
      /** Requests that are sent to a replica together at most, to be run as one; 1 sends each alone. The engine knows its own when absent; engines that batch by themselves are never sent more than one. */
      readonly maxSize?: number | undefined;
      /** How long a request waits for others to join, unless the batch is full before. When absent it waits only where that pays and only as long as `limits.objectiveMs` allows; without an objective not at all. */
      readonly windowMs?: number | undefined;
    } | undefined;
    /** Deployments that answer instead when this one does not; see the guide on fallbacks. */
    readonly fallbacks?: ReadonlyArray<{
      /** The Deployment to ask instead. */
      readonly deployment: string;
      /** When: `error` (no replica, or it failed), `timeout` (no answer began in time), `overload` (429 or 503). */
      readonly on?: ReadonlyArray<"error" | "timeout" | "overload"> | undefined;
      /** With `timeout`: how long the answer of the one before may take to begin. When absent, only `holdMs` of a loading model counts. */
      readonly afterMs?: number | undefined;
    }> | undefined;
    /** Your own code around requests and answers; see the guide on steps. */
    readonly steps?: {
      /** ES module that exports `pre(request, context)`: changes or refuses requests. Only a key with the scope `admin` may set it. */
      readonly pre?: string | undefined;
      /** ES module that exports `post(response, context)`, for streams `chunk(event, context)`: changes answers. Only a key with the scope `admin` may set it. */
      readonly post?: string | undefined;
      /** A step that takes longer than this is stopped, and what it worked on fails. */
      readonly timeoutMs?: number | undefined;
      /** Memory of the thread that runs the steps, in MiB; beyond it the thread is replaced. */
      readonly memoryMb?: number | undefined;
      /** Calls that may wait for the thread; beyond that 503 `overloaded`. */
      readonly queueDepthMax?: number | undefined;
    } | undefined;
    /** How a replica is chosen. */
    readonly routing?: {
      /** Tokens of prompts that one replica keeps, for prompts that begin alike: what the engine sets aside for its prefix cache. A request then goes where more of its prompt was read before, if that is sooner. 0 where the engine keeps none. */
      readonly prefixCacheTokens?: number | undefined;
    } | undefined;
    /** What happens when replicas fail or are slow. */
    readonly resilience?: {
      /** Trying again on another replica, as long as the caller has heard nothing. */
      readonly retries?: {
        /** Attempts one request may make, the first one included. */
        readonly attemptsMax?: number | undefined;
        /** Retries for each request, over all of them. A few are always free. */
        readonly share?: number | undefined;
        /** Which work may be done twice: none, that of embeddings and other tensors, or also that of answers that are written. Work that no replica has begun may always be tried again. */
        readonly repeat?: "never" | "idempotent" | "always" | undefined;
      } | undefined;
      /** A second call for a request that takes longer than 95 of 100; the first answer counts. */
      readonly hedging?: {
        /** Whether requests that may be done twice are sent to a second replica when they are slow. */
        readonly enabled?: boolean | undefined;
        /** Second calls for each request, over all of them. */
        readonly share?: number | undefined;
      } | undefined;
      /** Passing over replicas that answer worse than the others: at most a third of them, one of two. */
      readonly ejection?: {
        /** Whether replicas that fail more than others are passed over. */
        readonly enabled?: boolean | undefined;
        /** Failures in a row after which a replica is passed over. */
        readonly failuresInARow?: number | undefined;
        /** For how long at first; each time so much longer, up to five minutes. */
        readonly baseMs?: number | undefined;
      } | undefined;
    } | undefined;
  };
}

/** Another name for a deployment, changed for the very next request. */
export interface Alias {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** Another name for a deployment, changed for the very next request. */
  readonly kind: "Alias";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Deployment that answers under this name. */
    readonly deployment: string;
    /** What the name promises to those who use it. */
    readonly description?: string | undefined;
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: Readonly<Record<string, never>> | undefined;
}

/** Alias as you send it: what has a default may be left out. */
export interface AliasInput {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion?: "millrace.dev/v1" | undefined;
  /** Another name for a deployment, changed for the very next request. */
  readonly kind: "Alias";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Deployment that answers under this name. */
    readonly deployment: string;
    /** What the name promises to those who use it. */
    readonly description?: string | undefined;
  };
}

/** A new version put beside the one that serves, and tried on a part of the requests. */
export interface Release {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** A new version put beside the one that serves, and tried on a part of the requests. */
  readonly kind: "Release";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Deployment whose version is to change. */
    readonly deployment: string;
    /** The version to change to, of the same model. */
    readonly version: string;
    /** What runs the new version; the deployment's engine when absent. */
    readonly engine?: {
      /** What runs it. */
      readonly name: string;
      /** Options of that engine. */
      readonly options: Readonly<Record<string, unknown>>;
      /** For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone. */
      readonly urls?: ReadonlyArray<string> | undefined;
    } | undefined;
    /** `canary`: a growing share, as long as nothing speaks against it. `ab`: one share until the verdict. `blue-green`: all at once when the new one is warm, without a comparison; the old one stays warm for `rollbackWindowMs`. `shadow`: the new version is asked copies of requests, and only the old one answers. */
    readonly strategy: "canary" | "ab" | "blue-green" | "shadow";
    /** Shares in percent, one after the other; the last is 100. `[5, 25, 100]` for `canary`, `[50, 100]` for `ab` when absent. */
    readonly steps?: ReadonlyArray<number> | undefined;
    /** What stays with one version: `session` (`x-session-id`, else `user`; requests without either are drawn singly), `user` (the field `user` of requests), `key` (all requests of one API key) or `request` (nothing). */
    readonly sticky: "session" | "user" | "key" | "request";
    /** How long a step lasts at least. */
    readonly stepMs: number;
    /** Requests that the new version must have answered in a step, at least. */
    readonly samplesMin: number;
    /** How long the old version stays warm after all requests go to the new one. */
    readonly rollbackWindowMs: number;
    /** Chance that a harmless version is rolled back: over all gates, steps and looks. */
    readonly alpha: number;
    /** Chance that a version is promoted although it is worse than the bounds allow. */
    readonly beta: number;
    /** What the new version must not be worse in. Without data in a gate nothing is promoted. */
    readonly gates: ReadonlyArray<{
      /** `errors` (status 500 and above), `refusals` (400 to 498), `empty` (answers without text, or in which the model refuses), `feedback` (ratings of 1 or 2, and corrections, from `/v1/feedback`), `firstToken` (time to the first byte), `total` (time of the whole answer), `tpot` (time of each further token of a stream), `answerBytes` (length, longer and shorter), `repetition` (how much of the text stood there before), `confidence` (how unsure the model was of its tokens, where requests ask for `logprobs`), `cost` (price of the tokens, or time of a place of a replica), `scorer` (your own). */
      readonly name: "errors" | "refusals" | "empty" | "feedback" | "firstToken" | "total" | "tpot" | "answerBytes" | "repetition" | "confidence" | "cost" | "scorer";
      /** The part of `alpha` that this gate may use, beside the weights of the others. */
      readonly weight: number;
      /** Up to so many times as bad is no harm: a version is not rolled back for it. */
      readonly tolerated: number;
      /** A step is passed once bad requests are certainly at most so many times as frequent. Of values, those are bad that lie beyond nine tenths of the stable version’s. */
      readonly boundRatio: number;
      /** Or once they are certainly at most this part of all requests more frequent. */
      readonly boundRise: number;
    }>;
    /** What the gate `scorer` asks: your own code, in a thread of its own. */
    readonly scorer?: {
      /** ES module that exports `score({ request, text }, context)`: a number from 0 to 1, 1 for the best. Only a key with the scope `admin` may set it. */
      readonly module: string;
      /** A score that takes longer is given up. */
      readonly timeoutMs: number;
      /** Memory of its thread, in MiB. */
      readonly memoryMb: number;
    } | undefined;
    /** With the strategy `shadow`: which requests the new version is asked as well, its answers being discarded. */
    readonly shadow: {
      /** The part of the requests that is copied, in percent, as long as there is room. */
      readonly percent: number;
      /** Copies under way at once; what comes beyond is not copied. */
      readonly concurrencyMax: number;
      /** Whether the new version takes over when all gates have passed. Else a person decides. */
      readonly promote: boolean;
    };
    /** A person's verdict: it is followed at once, whatever the evidence says. */
    readonly verdict?: "promote" | "roll-back" | undefined;
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: {
    /** Requests go to the candidate in `comparing` and `settling` only. */
    readonly state: "pending" | "warming" | "comparing" | "settling" | "promoted" | "rolled-back" | "failed";
    /** When it came into this state; RFC 3339. */
    readonly since: string;
    /** Which of the steps is being taken, from 0. */
    readonly step: number;
    /** When this step began; RFC 3339. */
    readonly stepSince: string;
    /** The verdict, or what it waits for. */
    readonly message?: string | undefined;
    /** What served when the release began, and serves again after a rollback. */
    readonly stable?: {
      /** The version. */
      readonly version: string;
      /** Engine and options. */
      readonly engine: {
        readonly name: string;
        readonly options: Readonly<Record<string, unknown>>;
        /** For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone. */
        readonly urls?: ReadonlyArray<string> | undefined;
      };
    } | undefined;
    /** How gateways divide requests; they keep the last one they heard of. Gone when there is one version again. */
    readonly split?: {
      /** The template of the replicas of the new version. */
      readonly candidate: string;
      /** That of the old version. */
      readonly stable: string;
      /** The part of the requests that goes to the new version. */
      readonly share: number;
      /** The part of the requests that the new version is asked as well, its answers being discarded. */
      readonly copied?: number | undefined;
    } | undefined;
    /** Which part of the requests went to the new version, from when on, oldest first. */
    readonly shares?: ReadonlyArray<{
      /** From when on; RFC 3339. */
      readonly at: string;
      /** The part of the requests that went to the new version. */
      readonly share: number;
    }> | undefined;
    /** For harm, all gates together; at 1/`alpha` it is rolled back. */
    readonly evidence?: number | undefined;
    /** Requests of the candidate in this step. */
    readonly samples?: number | undefined;
    /** What each gate has found. */
    readonly gates?: ReadonlyArray<{
      /** The gate. */
      readonly name: string;
      /** How much likelier what was seen is if the candidate does harm. */
      readonly evidence: number;
      /** It is at most so many times as bad; absent while nobody knows. */
      readonly ratioBound?: number | undefined;
      /** Bad requests are at most this part of all more frequent. */
      readonly riseBound: number;
      /** Whether the bounds are as wanted. */
      readonly passes: boolean;
      /** The new version. */
      readonly candidate: {
        /** Requests. */
        readonly requests: number;
        /** Those that were bad. */
        readonly bad: number;
      };
      /** The old one. */
      readonly stable: {
        /** Requests. */
        readonly requests: number;
        /** Those that were bad. */
        readonly bad: number;
      };
    }> | undefined;
    /** Of a shadow: how its answers compare with those that were given. */
    readonly alike?: {
      /** Requests that both versions have answered. */
      readonly copied: number;
      /** Of those, requests whose answer should always be the same: temperature 0, or embeddings. */
      readonly fixed: number;
      /** Of those, answers that were equal. */
      readonly equal: number;
    } | undefined;
    /** What a restarted platform goes on from. */
    readonly memory?: unknown | undefined;
  } | undefined;
}

/** Release as you send it: what has a default may be left out. */
export interface ReleaseInput {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion?: "millrace.dev/v1" | undefined;
  /** A new version put beside the one that serves, and tried on a part of the requests. */
  readonly kind: "Release";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Deployment whose version is to change. */
    readonly deployment: string;
    /** The version to change to, of the same model. */
    readonly version: string;
    /** What runs the new version; the deployment's engine when absent. */
    readonly engine?: {
      /** What runs it. */
      readonly name: string;
      /** Options of that engine. */
      readonly options?: Readonly<Record<string, unknown>> | undefined;
      /** For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone. */
      readonly urls?: ReadonlyArray<string> | undefined;
    } | undefined;
    /** `canary`: a growing share, as long as nothing speaks against it. `ab`: one share until the verdict. `blue-green`: all at once when the new one is warm, without a comparison; the old one stays warm for `rollbackWindowMs`. `shadow`: the new version is asked copies of requests, and only the old one answers. */
    readonly strategy?: "canary" | "ab" | "blue-green" | "shadow" | undefined;
    /** Shares in percent, one after the other; the last is 100. `[5, 25, 100]` for `canary`, `[50, 100]` for `ab` when absent. */
    readonly steps?: ReadonlyArray<number> | undefined;
    /** What stays with one version: `session` (`x-session-id`, else `user`; requests without either are drawn singly), `user` (the field `user` of requests), `key` (all requests of one API key) or `request` (nothing). */
    readonly sticky?: "session" | "user" | "key" | "request" | undefined;
    /** How long a step lasts at least. */
    readonly stepMs?: number | undefined;
    /** Requests that the new version must have answered in a step, at least. */
    readonly samplesMin?: number | undefined;
    /** How long the old version stays warm after all requests go to the new one. */
    readonly rollbackWindowMs?: number | undefined;
    /** Chance that a harmless version is rolled back: over all gates, steps and looks. */
    readonly alpha?: number | undefined;
    /** Chance that a version is promoted although it is worse than the bounds allow. */
    readonly beta?: number | undefined;
    /** What the new version must not be worse in. Without data in a gate nothing is promoted. */
    readonly gates?: ReadonlyArray<{
      /** `errors` (status 500 and above), `refusals` (400 to 498), `empty` (answers without text, or in which the model refuses), `feedback` (ratings of 1 or 2, and corrections, from `/v1/feedback`), `firstToken` (time to the first byte), `total` (time of the whole answer), `tpot` (time of each further token of a stream), `answerBytes` (length, longer and shorter), `repetition` (how much of the text stood there before), `confidence` (how unsure the model was of its tokens, where requests ask for `logprobs`), `cost` (price of the tokens, or time of a place of a replica), `scorer` (your own). */
      readonly name: "errors" | "refusals" | "empty" | "feedback" | "firstToken" | "total" | "tpot" | "answerBytes" | "repetition" | "confidence" | "cost" | "scorer";
      /** The part of `alpha` that this gate may use, beside the weights of the others. */
      readonly weight?: number | undefined;
      /** Up to so many times as bad is no harm: a version is not rolled back for it. */
      readonly tolerated?: number | undefined;
      /** A step is passed once bad requests are certainly at most so many times as frequent. Of values, those are bad that lie beyond nine tenths of the stable version’s. */
      readonly boundRatio?: number | undefined;
      /** Or once they are certainly at most this part of all requests more frequent. */
      readonly boundRise?: number | undefined;
    }> | undefined;
    /** What the gate `scorer` asks: your own code, in a thread of its own. */
    readonly scorer?: {
      /** ES module that exports `score({ request, text }, context)`: a number from 0 to 1, 1 for the best. Only a key with the scope `admin` may set it. */
      readonly module: string;
      /** A score that takes longer is given up. */
      readonly timeoutMs?: number | undefined;
      /** Memory of its thread, in MiB. */
      readonly memoryMb?: number | undefined;
    } | undefined;
    /** With the strategy `shadow`: which requests the new version is asked as well, its answers being discarded. */
    readonly shadow?: {
      /** The part of the requests that is copied, in percent, as long as there is room. */
      readonly percent?: number | undefined;
      /** Copies under way at once; what comes beyond is not copied. */
      readonly concurrencyMax?: number | undefined;
      /** Whether the new version takes over when all gates have passed. Else a person decides. */
      readonly promote?: boolean | undefined;
    } | undefined;
    /** A person's verdict: it is followed at once, whatever the evidence says. */
    readonly verdict?: "promote" | "roll-back" | undefined;
  };
}

/** A group that shares keys, limits and a bill. */
export interface Tenant {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** A group that shares keys, limits and a bill. */
  readonly kind: "Tenant";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** Who they are. */
    readonly description?: string | undefined;
    /** Its share beside others while requests wait: twice the weight, twice the work. */
    readonly weight: number;
    /** Limits of its durable tasks. */
    readonly tasks?: {
      /** Tasks that may wait or run at the same time; more are refused with 429. Else `tasks.unfinishedMax`. */
      readonly unfinishedMax?: number | undefined;
      /** Tasks that may run at the same time, over all workers; more wait. Else as many as there are places. */
      readonly runningMax?: number | undefined;
    } | undefined;
    /** What they get for a name, where it is not what everybody gets: `chat: chat@2` or `chat: chat-eu`. A deployment, an alias, or `model@version`. */
    readonly models?: Readonly<Record<string, string>> | undefined;
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: Readonly<Record<string, never>> | undefined;
}

/** Tenant as you send it: what has a default may be left out. */
export interface TenantInput {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion?: "millrace.dev/v1" | undefined;
  /** A group that shares keys, limits and a bill. */
  readonly kind: "Tenant";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** Who they are. */
    readonly description?: string | undefined;
    /** Its share beside others while requests wait: twice the weight, twice the work. */
    readonly weight?: number | undefined;
    /** Limits of its durable tasks. */
    readonly tasks?: {
      /** Tasks that may wait or run at the same time; more are refused with 429. Else `tasks.unfinishedMax`. */
      readonly unfinishedMax?: number | undefined;
      /** Tasks that may run at the same time, over all workers; more wait. Else as many as there are places. */
      readonly runningMax?: number | undefined;
    } | undefined;
    /** What they get for a name, where it is not what everybody gets: `chat: chat@2` or `chat: chat-eu`. A deployment, an alias, or `model@version`. */
    readonly models?: Readonly<Record<string, string>> | undefined;
  };
}

/** An API key; only its hash is kept. */
export interface Key {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** An API key; only its hash is kept. */
  readonly kind: "Key";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Tenant that requests with this key belong to. */
    readonly tenant: string;
    /** `infer`: use models. `read`: see resources. `write`: change models and deployments. `admin`: all, keys included. */
    readonly scopes: ReadonlyArray<"infer" | "read" | "write" | "admin">;
    /** The highest class that requests with this key may ask for by `x-priority`; a higher one is lowered to it. */
    readonly priority: "critical" | "standard" | "batch";
    /** Its share beside others while requests wait: twice the weight, twice the work. */
    readonly weight: number;
    /** After this it is refused; RFC 3339 in UTC. */
    readonly expiresAt?: string | undefined;
    /** SHA-256 of the secret. Leave it out: a secret is then made and shown once. */
    readonly hash?: string | undefined;
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: Readonly<Record<string, never>> | undefined;
}

/** Key as you send it: what has a default may be left out. */
export interface KeyInput {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion?: "millrace.dev/v1" | undefined;
  /** An API key; only its hash is kept. */
  readonly kind: "Key";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Tenant that requests with this key belong to. */
    readonly tenant?: string | undefined;
    /** `infer`: use models. `read`: see resources. `write`: change models and deployments. `admin`: all, keys included. */
    readonly scopes?: ReadonlyArray<"infer" | "read" | "write" | "admin"> | undefined;
    /** The highest class that requests with this key may ask for by `x-priority`; a higher one is lowered to it. */
    readonly priority?: "critical" | "standard" | "batch" | undefined;
    /** Its share beside others while requests wait: twice the weight, twice the work. */
    readonly weight?: number | undefined;
    /** After this it is refused; RFC 3339 in UTC. */
    readonly expiresAt?: string | undefined;
    /** SHA-256 of the secret. Leave it out: a secret is then made and shown once. */
    readonly hash?: string | undefined;
  };
}

/** One running copy of a deployment. */
export interface Replica {
  /** Always `millrace.dev/v1`. */
  readonly apiVersion: "millrace.dev/v1";
  /** One running copy of a deployment. */
  readonly kind: "Replica";
  /** Name, labels and what the platform keeps about it. */
  readonly metadata: {
    /** Unique among the resources of its kind. */
    readonly name: string;
    /** Short values to select by. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** Notes for people and tools. */
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    /** Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster. */
    readonly resourceVersion?: string | undefined;
    /** Set by the platform; grows when `spec` changes. */
    readonly generation?: number | undefined;
    /** Set by the platform; RFC 3339. */
    readonly createdAt?: string | undefined;
  };
  /** What is wanted. */
  readonly spec: {
    /** The Deployment it belongs to. */
    readonly deployment: string;
    /** The Model it serves. */
    readonly model: string;
    /** The version it serves. */
    readonly version: string;
    /** The deployment's generation it was started for. */
    readonly generation: number;
    /** The engine that runs it. */
    readonly engine: string;
    /** Where it runs. */
    readonly substrate: string;
    /** The node that runs it; absent where one process is the platform. */
    readonly node?: string | undefined;
    /** Which of the deployment's `spec.engine.urls` it stands for. */
    readonly address?: string | undefined;
  };
  /** What is. Written by the platform; ignored in what you send. */
  readonly status?: {
    /** Requests go to `ready` replicas only. */
    readonly state: "starting" | "loading" | "ready" | "draining" | "stopping" | "failed";
    /** When it came into this state; RFC 3339. */
    readonly since: string;
    /** Why it failed, is being stopped, or does not answer while it should load. */
    readonly message?: string | undefined;
    /** Where it listens. */
    readonly endpoint?: string | undefined;
    /** What tells it from every other process: for adoption after a restart. */
    readonly identity?: Readonly<Record<string, string | number>> | undefined;
    /** While loading: how far it is. */
    readonly loadedFraction?: number | undefined;
    /** While loading: how long the rest should take. */
    readonly remainingMs?: number | undefined;
    /** Requests it works on at once. */
    readonly concurrency?: number | undefined;
  } | undefined;
}

/** Every kind as you get it. */
export interface Resources {
  readonly Model: Model;
  readonly ModelVersion: ModelVersion;
  readonly Deployment: Deployment;
  readonly Alias: Alias;
  readonly Release: Release;
  readonly Tenant: Tenant;
  readonly Key: Key;
  readonly Replica: Replica;
}

/** Every kind you may write, as you send it. */
export interface ResourceInputs {
  readonly Model: ModelInput;
  readonly ModelVersion: ModelVersionInput;
  readonly Deployment: DeploymentInput;
  readonly Alias: AliasInput;
  readonly Release: ReleaseInput;
  readonly Tenant: TenantInput;
  readonly Key: KeyInput;
}

/** OpenAI's chat request. */
export interface ChatRequest {
  /** Lowers the chance of a token by this for each time it was written already. */
  readonly frequency_penalty?: number | null | undefined;
  /** Lowers the chance of every token that was written already by this. */
  readonly presence_penalty?: number | null | undefined;
  /** Token id → what is added to its logit. */
  readonly logit_bias?: Readonly<Record<string, number>> | null | undefined;
  /** How many answers; 1 when absent. */
  readonly n?: number | null | undefined;
  /** The same seed and request give the same answer; answer i of `n` uses seed + i. */
  readonly seed?: number | null | undefined;
  /** The answer ends before the first of these. */
  readonly stop?: string | ReadonlyArray<string> | null | undefined;
  /** 0 takes the likeliest token; 1 when absent. */
  readonly temperature?: number | null | undefined;
  /** Draw from the likeliest tokens that together have this probability. */
  readonly top_p?: number | null | undefined;
  /** Send the answer as it is written. */
  readonly stream?: boolean | null | undefined;
  /** Only with `stream`. */
  readonly stream_options?: {
    /** A last chunk with the counts. */
    readonly include_usage?: boolean | null | undefined;
    /** Only `false` or absent. */
    readonly include_obfuscation?: boolean | null | undefined;
  } | null | undefined;
  /** Extension: adds `token_ids` to each choice and `prompt_token_ids` to the answer. */
  readonly return_token_ids?: boolean | null | undefined;
  /** Of no effect here; identity comes from the key. */
  readonly user?: string | null | undefined;
  /** The deployment to ask. */
  readonly model: string;
  /** The conversation so far. */
  readonly messages: ReadonlyArray<unknown>;
  /** Older name of `max_completion_tokens`. */
  readonly max_tokens?: number | null | undefined;
  /** At most this many tokens are written. */
  readonly max_completion_tokens?: number | null | undefined;
  /** Add the log probability of every token written. */
  readonly logprobs?: boolean | null | undefined;
  /** And of this many of the likeliest tokens in its place. */
  readonly top_logprobs?: number | null | undefined;
  /** What the answer must look like. */
  readonly response_format?: unknown | null | undefined;
  /** Tools the model may call. */
  readonly tools?: ReadonlyArray<unknown> | null | undefined;
  /** Which tool must be called. */
  readonly tool_choice?: unknown | undefined;
  /** Older form of `tools`. */
  readonly functions?: ReadonlyArray<unknown> | null | undefined;
  /** Older form of `tool_choice`. */
  readonly function_call?: unknown | undefined;
  /** How the answer should sound. */
  readonly audio?: unknown | undefined;
  /** Kinds of answer wanted; `["text"]`. */
  readonly modalities?: ReadonlyArray<string> | null | undefined;
  /** What the answer is expected to be. */
  readonly prediction?: unknown | undefined;
  /** How long the model should think. */
  readonly reasoning_effort?: string | null | undefined;
  /** How much the model should say. */
  readonly verbosity?: string | null | undefined;
  /** Look things up first. */
  readonly web_search_options?: unknown | undefined;
  /** Judge request and answer. */
  readonly moderation?: unknown | undefined;
  /** Only `false`: answers are not kept. */
  readonly store?: boolean | null | undefined;
  /** Only `auto` or `default`. */
  readonly service_tier?: string | null | undefined;
  /** Of no effect. */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Of no effect without tools. */
  readonly parallel_tool_calls?: boolean | null | undefined;
  /** Of no effect: prefixes are found by themselves. */
  readonly prompt_cache_key?: string | null | undefined;
  /** Of no effect: prefixes are found by themselves. */
  readonly prompt_cache_options?: unknown | undefined;
  /** Of no effect: prefixes are kept while there is room. */
  readonly prompt_cache_retention?: string | null | undefined;
  /** Of no effect here; identity comes from the key. */
  readonly safety_identifier?: string | null | undefined;
}

/** What somebody thinks of an answer. */
export interface FeedbackRequest {
  /** The `x-request-id` of the answer. */
  readonly request_id: string;
  /** From 1, useless, to 5, perfect. */
  readonly rating?: number | undefined;
  /** What the answer should have been. */
  readonly correction?: string | undefined;
  /** Whom or what the answer was about, to find it again, for example to delete it. */
  readonly subject?: string | undefined;
}

/** The plain way to ask. */
export interface InferenceRequest {
  /** A deployment, a model, or `model@version`. */
  readonly model: string;
  /** What to answer, continue or embed. */
  readonly input_text: string;
  /** At most this many tokens are generated. */
  readonly max_length?: number | undefined;
  /** 0 always takes the likeliest token. */
  readonly temperature?: number | undefined;
  /** Send the answer as server-sent events while it comes into being. */
  readonly stream?: boolean | undefined;
}

/** The answer to it. */
export interface InferenceAnswer {
  /** The request id. */
  readonly id: string;
  /** The deployment that answered. */
  readonly model: string;
  /** The version of its model. */
  readonly version: string;
  /** One entry for each answer. */
  readonly predictions: ReadonlyArray<{
    /** The answer. */
    readonly text?: string | undefined;
    /** The vector, from a model for embeddings. */
    readonly embedding?: ReadonlyArray<number> | undefined;
    /** `stop` or `length`. */
    readonly finish_reason?: string | undefined;
  }>;
  /** Geometric mean of the probabilities of the generated tokens, 0 to 1; absent where the engine gives none. */
  readonly confidence?: number | undefined;
  /** What it cost. */
  readonly usage: {
    /** Tokens read. */
    readonly prompt_tokens: number;
    /** Tokens generated. */
    readonly completion_tokens: number;
    /** Both. */
    readonly total_tokens: number;
  };
  /** How long it took. */
  readonly timing: {
    /** Waiting for a replica. */
    readonly queue_ms: number;
    /** From the arrival to the end of the answer. */
    readonly total_ms: number;
  };
}

/** Asking with tensors. */
export interface TensorRequest {
  /** A deployment, a model, or `model@version`. */
  readonly model: string;
  /** The tensors that the model reads. */
  readonly inputs: ReadonlyArray<{
    /** As the model calls it. */
    readonly name: string;
    /** Its dimensions. */
    readonly shape: ReadonlyArray<number>;
    /** `FP32`, `INT64`, `BYTES` for texts, and so on. */
    readonly datatype: string;
    /** As the engine takes them. */
    readonly parameters?: Readonly<Record<string, unknown>> | undefined;
    /** Its elements, row by row; flat or nested. */
    readonly data: ReadonlyArray<unknown>;
  }>;
  /** Which of its outputs are wanted; all when absent. */
  readonly outputs?: ReadonlyArray<{
    readonly name: string;
    /** As the engine takes them. */
    readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  }> | undefined;
  /** As the engine takes them. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** The answer to it. */
export interface TensorAnswer {
  /** The request id. */
  readonly id: string;
  /** The deployment that answered. */
  readonly model: string;
  /** The version of its model. */
  readonly version: string;
  /** What the model computed. */
  readonly outputs: ReadonlyArray<{
    /** As the model calls it. */
    readonly name: string;
    /** Its dimensions. */
    readonly shape: ReadonlyArray<number>;
    /** `FP32`, `INT64`, `BYTES` for texts, and so on. */
    readonly datatype: string;
    /** As the engine takes them. */
    readonly parameters?: Readonly<Record<string, unknown>> | undefined;
    /** Its elements, row by row; flat or nested. */
    readonly data: ReadonlyArray<unknown>;
  }>;
  /** How long it took. */
  readonly timing: {
    /** Waiting for a replica. */
    readonly queue_ms: number;
    /** From the arrival to the end of the answer. */
    readonly total_ms: number;
  };
}

/** A request that is to be run later. */
export interface TaskRequest {
  /** A deployment, a model, or `model@version`. */
  readonly model: string;
  /** The request endpoint that would have been asked; `/v2/models/infer` is that of the Open Inference Protocol, for any model. */
  readonly endpoint?: "/v1/chat/completions" | "/v1/completions" | "/v1/embeddings" | "/v1/inference" | "/v1/messages" | "/v2/models/infer" | undefined;
  /** What would have been sent there, as JSON; `model` may be left out. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The more urgent go first. */
  readonly priority?: "critical" | "standard" | "batch" | undefined;
  /** Not before so many seconds from now. */
  readonly delay_s?: number | undefined;
  /** Not after so many seconds from now: it then ends as `expired`. Else as configured, from the end of its delay on. */
  readonly deadline_s?: number | undefined;
  /** For how long the result is kept after the end. Else as configured. */
  readonly ttl_s?: number | undefined;
  /** Tries at most. Else as configured. */
  readonly attempts?: number | undefined;
  /** Hears of the end, signed as Standard Webhooks say. */
  readonly webhook?: string | undefined;
  /** What belongs together: best answered by one replica, and by one version during a release. Also as the header `x-session-id`. */
  readonly session?: string | undefined;
  /** The same key brings the same task again. Also as the header `idempotency-key`, which for a list stands for each of its places. */
  readonly idempotency_key?: string | undefined;
}

/** A durable task. */
export interface TaskView {
  readonly task_id: string;
  readonly object: "task";
  /** `queued`, `leased` and `running` are to come; the others are ends. */
  readonly status: "queued" | "leased" | "running" | "succeeded" | "failed" | "cancelled" | "expired" | "dead";
  readonly model: string;
  readonly endpoint: string;
  readonly priority: "critical" | "standard" | "batch";
  /** RFC 3339. */
  readonly created_at: string;
  /** Where it waits until then. */
  readonly due_at?: string | undefined;
  /** When the newest attempt began. */
  readonly started_at?: string | undefined;
  readonly ended_at?: string | undefined;
  /** Its deadline. */
  readonly expires_at: string;
  /** After this it is forgotten. */
  readonly kept_until?: string | undefined;
  /** Begun so far. */
  readonly attempts: number;
  readonly attempts_max: number;
  readonly progress?: {
    /** Pieces of a streamed answer: tokens, for language models. */
    readonly chunks: number;
    readonly bytes: number;
  } | undefined;
  /** Why it did not succeed, or why it waits for another attempt. */
  readonly error?: {
    readonly code: string;
    readonly message: string;
  } | undefined;
  /** The newest attempts. */
  readonly history: ReadonlyArray<{
    readonly attempt: number;
    readonly started_at: string;
    readonly ended_at: string;
    readonly outcome: string;
    readonly error?: {
      readonly code: string;
      readonly message: string;
    } | undefined;
  }>;
  readonly webhook?: string | undefined;
  readonly urls: {
    readonly self: string;
    readonly events: string;
    readonly result: string;
  };
}

/** A file that is kept for batches, or that one wrote. */
export interface FileView {
  readonly id: string;
  readonly object: "file";
  readonly bytes: number;
  /** Seconds since the epoch. */
  readonly created_at: number;
  /** After this it is forgotten. Seconds since the epoch. */
  readonly expires_at: number;
  readonly filename: string;
  /** `batch` for what was sent, `batch_output` for what batches wrote. */
  readonly purpose: string;
  readonly status: "processed";
}

/** Every line of a file as a request. */
export interface BatchRequest {
  /** A file with purpose `batch`: one request on each line. */
  readonly input_file_id: string;
  /** Where its requests go; each line names it as its `url`. */
  readonly endpoint: "/v1/chat/completions" | "/v1/completions" | "/v1/embeddings" | "/v1/inference" | "/v1/messages";
  /** What has not been answered by then ends unanswered: `24h`, or another number of `m`, `h` or `d`. */
  readonly completion_window: string;
  /** What you want to find again in the batch. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  /** How long its files are kept. Else as configured. */
  readonly output_expires_after?: {
    /** When the time begins. */
    readonly anchor: "created_at";
    /** How long it is kept. */
    readonly seconds: number;
  } | undefined;
}

/** A batch. */
export interface BatchView {
  readonly id: string;
  readonly object: "batch";
  readonly endpoint: string;
  readonly input_file_id: string;
  readonly completion_window: string;
  readonly status: "validating" | "failed" | "in_progress" | "finalizing" | "completed" | "expired" | "cancelling" | "cancelled";
  /** The answers, one on each line. */
  readonly output_file_id?: string | null | undefined;
  /** What was not answered, and why, one on each line. */
  readonly error_file_id?: string | null | undefined;
  /** Why it failed as a whole. */
  readonly errors?: {
    readonly object: "list";
    readonly data: ReadonlyArray<{
      readonly code: string;
      readonly message: string;
      readonly param?: string | null | undefined;
      readonly line?: number | null | undefined;
    }>;
  } | null | undefined;
  /** Seconds since the epoch, as all times here. */
  readonly created_at: number;
  readonly in_progress_at?: number | null | undefined;
  /** When its completion window ends. */
  readonly expires_at?: number | null | undefined;
  readonly completed_at?: number | null | undefined;
  readonly failed_at?: number | null | undefined;
  readonly expired_at?: number | null | undefined;
  readonly cancelling_at?: number | null | undefined;
  readonly cancelled_at?: number | null | undefined;
  readonly request_counts: {
    readonly total: number;
    readonly completed: number;
    readonly failed: number;
  };
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

/** Kinds and the plural that stands for them in addresses. */
export const kinds = {
  Model: 'models',
  ModelVersion: 'modelversions',
  Deployment: 'deployments',
  Alias: 'aliases',
  Release: 'releases',
  Tenant: 'tenants',
  Key: 'keys',
  Replica: 'replicas',
} as const;

/** Every refusal the platform knows: HTTP status, who can mend it, whether trying again can help. */
export const problems = {
  invalid_json: {"status":400,"blame":"caller","retry":"never","summary":"The body is not JSON. Send a JSON object and `content-type: application/json`."},
  invalid_request: {"status":400,"blame":"caller","retry":"never","summary":"A field is missing, misspelt or of the wrong type; `param` names it."},
  unsupported_parameter: {"status":400,"blame":"caller","retry":"never","summary":"The engine behind this deployment cannot do what the parameter asks. Leave it out or choose another deployment."},
  unsupported_endpoint: {"status":400,"blame":"caller","retry":"never","summary":"The model behind this deployment does not serve this endpoint."},
  context_length_exceeded: {"status":400,"blame":"caller","retry":"never","summary":"Prompt and wanted answer are longer than the context of the model. Shorten them."},
  missing_key: {"status":401,"blame":"caller","retry":"never","summary":"No key was sent. Send `Authorization: Bearer KEY`."},
  invalid_key: {"status":401,"blame":"caller","retry":"never","summary":"The key is unknown, expired or revoked."},
  forbidden: {"status":403,"blame":"caller","retry":"never","summary":"The key lacks the scope that this needs."},
  not_found: {"status":404,"blame":"caller","retry":"never","summary":"There is nothing under this path or name."},
  model_not_found: {"status":404,"blame":"caller","retry":"never","summary":"No deployment serves this model. `GET /v1/models` lists those that there are."},
  method_not_allowed: {"status":405,"blame":"caller","retry":"never","summary":"The path exists, but not for this method."},
  request_timeout: {"status":408,"blame":"caller","retry":"now","summary":"The request did not arrive completely in time."},
  version_conflict: {"status":409,"blame":"caller","retry":"now","summary":"The resource was changed by someone else in between. Read it again and repeat the change."},
  superseded: {"status":409,"blame":"platform","retry":"never","summary":"Another process leads the platform now: what this one decided is not written any more."},
  version_expired: {"status":410,"blame":"caller","retry":"now","summary":"The change history no longer reaches back this far. List again and watch from there."},
  idempotency_conflict: {"status":409,"blame":"caller","retry":"never","summary":"The idempotency key was used before, for something else. Use a new one for a new request."},
  task_unfinished: {"status":409,"blame":"caller","retry":"later","summary":"The task has no result yet. Follow its events, or ask again after a while."},
  task_cancelled: {"status":409,"blame":"caller","retry":"never","summary":"The task was cancelled and has no result. A replay begins it anew."},
  task_succeeded: {"status":409,"blame":"caller","retry":"never","summary":"The task has succeeded, and that is for ever. To have it done once more, hand it in again, under another idempotency key."},
  in_use: {"status":409,"blame":"caller","retry":"never","summary":"Something still refers to the resource. Delete that first."},
  upload_conflict: {"status":409,"blame":"caller","retry":"now","summary":"The upload stands at another offset, or is open with another size or digest. Ask for its state and go on from there."},
  payload_too_large: {"status":413,"blame":"caller","retry":"never","summary":"The body is larger than the limit (`limits.bodyBytes`)."},
  headers_too_large: {"status":431,"blame":"caller","retry":"never","summary":"The headers are larger than the limit."},
  invalid_resource: {"status":422,"blame":"caller","retry":"never","summary":"The resource does not fit its schema or refers to something that does not exist; `param` names the field."},
  not_a_model: {"status":422,"blame":"caller","retry":"never","summary":"The file is not a model that any engine here can load; the message says what is wrong with it."},
  digest_mismatch: {"status":422,"blame":"caller","retry":"now","summary":"The bytes that arrived do not have the digest that was announced. Send them again."},
  source_unavailable: {"status":502,"blame":"platform","retry":"later","summary":"The place to pull the file from did not deliver it; the message says why."},
  rate_limited: {"status":429,"blame":"caller","retry":"later","summary":"More requests are waiting than are allowed. Wait as long as `Retry-After` says."},
  too_many_tasks: {"status":429,"blame":"caller","retry":"later","summary":"The tenant has as many tasks that wait or run as it may (`tasks.unfinishedMax`). Wait until some have ended."},
  client_closed_request: {"status":499,"blame":"caller","retry":"never","summary":"The client went away before the answer was complete."},
  internal: {"status":500,"blame":"platform","retry":"now","summary":"A fault of the platform; the log has more under the request id."},
  replica_failed: {"status":502,"blame":"model","retry":"now","summary":"The replica that worked on the request ended or answered nonsense. It is being replaced."},
  step_failed: {"status":500,"blame":"platform","retry":"now","summary":"The deployment's own step (`spec.steps`) failed; the log says more."},
  step_refused: {"status":400,"blame":"caller","retry":"never","summary":"The deployment's own step (`spec.steps`) refused the request; the message is the step's."},
  step_timeout: {"status":504,"blame":"platform","retry":"now","summary":"The deployment's own step (`spec.steps`) took longer than its `timeoutMs` and was stopped."},
  overloaded: {"status":503,"blame":"platform","retry":"later","summary":"The queue of this deployment is full. Wait as long as `Retry-After` says."},
  model_loading: {"status":503,"blame":"platform","retry":"later","summary":"The model is still loading; the message says how far it is and how long it should take."},
  model_unavailable: {"status":503,"blame":"model","retry":"later","summary":"No replica of this deployment can be started at present; the message says why."},
  shutting_down: {"status":503,"blame":"platform","retry":"later","summary":"The platform is stopping."},
  store_unreachable: {"status":503,"blame":"platform","retry":"later","summary":"The database cannot be reached just now; the message says why. Nothing that was acknowledged is lost."},
  storage_full: {"status":507,"blame":"platform","retry":"later","summary":"The disk is full. Nothing that was acknowledged is lost; free some space and try again."},
  storage_unavailable: {"status":503,"blame":"platform","retry":"later","summary":"The place where big files are kept could not be used; the message says why."},
  store_unusable: {"status":500,"blame":"platform","retry":"never","summary":"The store on disk cannot be read: it is damaged, or a newer version wrote it; the message says which. Start that version, or put a backup in its place."},
  deadline_exceeded: {"status":504,"blame":"caller","retry":"now","summary":"The deadline of the request (`x-deadline-ms`) passed before the answer was ready."},
  already_running: {"status":409,"blame":"caller","retry":"never","summary":"Another Millrace already runs on this home directory, or under this name in the cluster."},
  address_in_use: {"status":409,"blame":"caller","retry":"never","summary":"Something else listens on the address. Choose another with `--listen`."},
  invalid_config: {"status":400,"blame":"caller","retry":"never","summary":"The configuration does not fit its schema; the message names the property and where its value came from."},
  unreachable: {"status":503,"blame":"caller","retry":"later","summary":"No platform answers at this address. Start it with `millrace up`, or set `MILLRACE_URL`."},
} as const;
