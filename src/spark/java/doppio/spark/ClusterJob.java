package doppio.spark;

import java.util.function.Supplier;
import org.apache.spark.SparkException;

/** Runs jobs of Spark: what fails in one comes out as it would on one machine. */
final class ClusterJob {
  private ClusterJob() {}

  /**
   * Runs a job to its end. Where the thread is interrupted meanwhile it is run again, for the batch
   * in hand is done first, and the thread is left interrupted.
   *
   * @throws RuntimeException what a task threw, with what Spark says of it as suppressed
   * @throws IllegalStateException if there is no such exception: an executor died again and again
   */
  static <T> T run(Supplier<T> job) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return job.get();
        } catch (Exception e) {
          // Scala throws what it does not declare.
          if (!isInterruption(e)) {
            throw cause(e);
          }
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isInterruption(Throwable thrown) {
    return thrown instanceof InterruptedException
        || (thrown instanceof SparkException && thrown.getCause() instanceof InterruptedException);
  }

  private static RuntimeException cause(Exception thrown) {
    if (thrown instanceof RuntimeException own) {
      return own;
    }
    Throwable cause = thrown;
    while (cause instanceof SparkException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RuntimeException own) {
      own.addSuppressed(thrown);
      return own;
    }
    return new IllegalStateException(
        "the cluster could not do its part: " + cause.getMessage(), thrown);
  }
}
