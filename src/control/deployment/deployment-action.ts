import type { Deployment, DeploymentStatus, Replica } from '#schema';

/** What is done for a deployment. */
export type DeploymentAction =
  /** Writes the status and takes the records of failed replicas away, all or nothing: each failure counts once. */
  | {
      readonly kind: 'note';
      readonly deployment: Deployment;
      readonly status: DeploymentStatus;
      readonly noted: readonly Replica[];
    }
  | {
      readonly kind: 'start';
      readonly deployment: Deployment;
      readonly count: number;
      /** Of the endpoint that it is to stand for. */
      readonly address?: string | undefined;
    }
  | { readonly kind: 'retire'; readonly replica: Replica; readonly message: string }
  /** Of failed replicas that no deployment is left to note. */
  | { readonly kind: 'remove'; readonly replica: Replica }
  /** Of replicas whose node is gone: no fault of theirs, so nothing is delayed by it. */
  | { readonly kind: 'lose'; readonly replica: Replica };
