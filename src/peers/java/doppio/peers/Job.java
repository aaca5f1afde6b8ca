package doppio.peers;

/** A workload in the hands of a contestant. */
interface Job {
  /** Does it once: a training step, an answer, or a step of a stream. */
  void run();

  /**
   * What the last run came to: its loss, or the mean square of its answer. After equally many runs
   * it is the same for all contestants, or they do not do the same.
   */
  double result();
}
