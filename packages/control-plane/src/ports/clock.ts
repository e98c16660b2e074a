/** Time as the platform sees it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}
