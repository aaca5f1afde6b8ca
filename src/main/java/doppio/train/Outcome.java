package doppio.train;

/** Where a training stands, or how it ended. */
public enum Outcome {
  /** It runs, or has not begun. */
  RUNNING,

  /** All epochs are done. */
  COMPLETED,

  /** A callback called {@link Training#stop()}. */
  STOPPED,

  /** It was interrupted: by Ctrl-C, {@link Trainer#interrupt()} or {@link Thread#interrupt()}. */
  INTERRUPTED,

  /** It was ended by an exception. */
  FAILED
}
