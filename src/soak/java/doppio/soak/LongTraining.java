package doppio.soak;

import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A training of the whole time, whose heap, threads and open files stay what they are. */
final class LongTraining implements Part {
  /** What a history of more epochs may take, and classes that come late. */
  private static final long TOLERANCE = 2L << 20;

  private static final int LEAST_LOOKS = 10;
  private static final int LEAST_SECONDS = 15;
  private static final int MOST_SECONDS_AFTER = 300;

  @Override
  public String name() {
    return "training";
  }

  @Override
  public void run(Report report, double minutes) {
    report.add(
        name(),
        "digits through a convolution, Adam, a checkpoint each epoch",
        () -> flat(Math.max(LEAST_SECONDS, Math.round(minutes * 60) - LEAST_SECONDS)));
  }

  private static Outcome flat(long seconds) {
    Result result =
        ChildJvm.runFor(
            seconds + MOST_SECONDS_AFTER,
            FlatProgram.class,
            List.of("-Xmx256m", "-Ddoppio.threads=2"),
            Long.toString(seconds));
    if (result.exit() != 0) {
      throw new AssertionError(result);
    }
    long[][] looks =
        result.output().stream()
            .map(line -> Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray())
            .toArray(long[][]::new);
    int third = looks.length / 3;
    long[] middle = most(looks, third, 2 * third);
    long[] last = most(looks, 2 * third, looks.length);
    String found =
        String.format(
            Locale.ROOT,
            "heap after a collection at most %.1f MB in the middle third, %.1f MB in the last;"
                + " threads %d, %d; open files %d, %d",
            middle[1] / 1e6,
            last[1] / 1e6,
            middle[2],
            last[2],
            middle[3],
            last[3]);
    if (third < LEAST_LOOKS
        || last[1] > middle[1] + TOLERANCE
        || last[2] > middle[2]
        || last[3] > middle[3]) {
      throw new AssertionError("not flat, in " + looks.length + " looks: " + found);
    }
    long steps = looks[looks.length - 1][0];
    return new Outcome("%,d s, %,d steps".formatted(seconds, steps), "flat: " + found);
  }

  private static long[] most(long[][] looks, int from, int to) {
    long[] most = new long[4];
    for (int i = from; i < to; i++) {
      for (int k = 0; k < most.length; k++) {
        most[k] = Math.max(most[k], looks[i][k]);
      }
    }
    return most;
  }
}
