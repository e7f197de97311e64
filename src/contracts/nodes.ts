/** Where replicas can run: a process of the platform with a substrate, on some machine. */
export interface NodeSeen {
  /** As in `Replica.spec.node`; undefined where one process is the whole platform. */
  readonly name: string | undefined;
  readonly substrate: string;
  /** How much it can carry beside others, for example its cores. */
  readonly weight: number;
  /** False while it is about to leave: what runs there is to go on elsewhere. */
  readonly takes: boolean;
}

/** How the control plane learns which nodes there are. */
export interface Nodes {
  seen(): readonly NodeSeen[];
  /** What ran on this node is lost. False while that is not sure. */
  isGone(name: string | undefined): boolean;
  /** Nodes came, went, or take no more. */
  onChange(listener: () => void): () => void;
}
