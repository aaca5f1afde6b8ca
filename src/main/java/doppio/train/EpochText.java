package doppio.train;

import java.util.Locale;

/** How numbers of a training are written for people. */
final class EpochText {
  private EpochText() {}

  /** {@code epoch 3/20}, the numbers in columns. */
  static String epoch(int epoch, int epochs) {
    int width = Integer.toString(epochs).length();
    return String.format(Locale.ROOT, "epoch %" + width + "d/%d", epoch, epochs);
  }

  /** Four digits behind the point where that shows enough of the number. */
  static String number(double value) {
    double size = Math.abs(value);
    boolean plain = size == 0 || (size >= 0.01 && size < 100_000);
    return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", value);
  }

  static String throughput(double samplesPerSecond) {
    return String.format(Locale.ROOT, "%,.0f samples/s", samplesPerSecond);
  }

  /** {@code 0:07}, {@code 12:34} or {@code 1:02:03}. */
  static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  /** {@code 7s}, {@code 12m}, {@code 5h} or {@code 3d}, for where there is little room. */
  static String shortDuration(double seconds) {
    long s = Math.round(seconds);
    return s < 100
        ? s + "s"
        : s < 6000 ? s / 60 + "m" : s < 360_000 ? s / 3600 + "h" : s / 86_400 + "d";
  }
}
