package doppio.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A slope, measured with steps from large to small, and how far it may be off.
 *
 * @param slopes by the step that is trusted most
 * @param error a bound on what its central slope is off: truncation, and rounding as it was seen
 * @param lastJump how far apart the sides are with the smallest step
 */
record Measured(Slopes slopes, double error, double lastJump) {
  /** Powers of 2: steps from 1/16 to 10⁻¹³, relative to a number above 1. */
  private static final int[] EXPONENTS = {-4, -7, -10, -14, -18, -22, -26, -30, -34, -38, -42};

  /** For numbers below 10⁻⁶ others too, relative to the number: log ends near it. */
  private static final int[] SMALL_EXPONENTS = {-3, -7, -11, -15, -19};

  private static final double SMALL = 0x1p-20;

  /** Two steps whose slopes are so sharp, and agree so well, are not both wrong by chance. */
  private static final double SHARP = 1e-3;

  /** How many times its error a finer slope may differ from one that is established. */
  private static final double CONTRADICTION = 8;

  /** The usual step for a number: 10⁻³, relative to a number above 1. */
  static double usualStep(double x) {
    return Math.scalb(1.0, -10 + Math.max(0, Math.getExponent(x)));
  }

  /**
   * Measures the slope along {@code values[i]}.
   *
   * <p>Large steps suffer from curvature and from kinks nearby, which the slopes of the two sides
   * betray. Small ones suffer from rounding, whose size nobody knows beforehand: it shows in how
   * far the slopes of still smaller steps are off, which grows as 1/h. Where two large steps have
   * established a slope, a small one that contradicts it has met a rounding inside the function
   * (below it, nothing changes any more), not the truth.
   *
   * @param stretch a factor on all steps, so that another one rounds otherwise
   */
  static Measured along(Probe probe, double[] values, int i, double stretch) {
    List<Slopes> all = new ArrayList<>();
    for (double step : steps(values[i]).descendingSet()) {
      Slopes s = probe.measure(values, i, stretch * step);
      if (s.isFinite()) {
        all.add(s);
      }
    }
    if (all.isEmpty()) {
      return new Measured(probe.measure(values, i, stretch * usualStep(values[i])), 0, 0);
    }
    Slopes best = null;
    double bestError = Double.POSITIVE_INFINITY;
    boolean established = false;
    Slopes sharpBefore = null;
    for (int k = 0; k < all.size(); k++) {
      Slopes s = all.get(k);
      double error = s.doubt() + s.noise() + rounding(all, k);
      boolean contradicts =
          established
              && Math.abs(s.central() - best.central()) > CONTRADICTION * (error + bestError);
      if (best == null || (error < bestError && !contradicts)) {
        best = s;
        bestError = error;
      }
      Slopes sharp = error <= SHARP * Math.abs(s.central()) ? s : null;
      established |= sharp != null && sharpBefore != null && agree(sharp, sharpBefore);
      sharpBefore = sharp;
    }
    return new Measured(best, bestError, all.get(all.size() - 1).jump());
  }

  /**
   * Whether the analytic slope is what was measured.
   *
   * @param unseen how far the two may be apart beside what was seen
   */
  boolean agreesWith(double slope, double tolerance, double unseen) {
    double central = slopes.central();
    double allowed = tolerance * Math.max(Math.abs(slope), Math.abs(central)) + error + unseen;
    return Double.isFinite(slope)
        && Double.isFinite(central)
        && Math.abs(slope - central) <= allowed;
  }

  /**
   * Whether the point is a kink, as far as can be seen: the sides differ, and not by rounding,
   * which would make them differ ever more as the step shrinks.
   */
  boolean isKink(double tolerance) {
    return !slopes.isSmooth(tolerance) && lastJump <= 4 * slopes.jump();
  }

  /** What rounding does to the k-th slope, by what it does to those of smaller steps. */
  private static double rounding(List<Slopes> all, int k) {
    Slopes s = all.get(k);
    double rounding = 0;
    for (Slopes finer : all.subList(k + 1, all.size())) {
      double seen = Math.abs(finer.central() - s.central()) * (finer.step() / s.step());
      rounding = Math.max(rounding, seen);
    }
    return rounding;
  }

  private static boolean agree(Slopes a, Slopes b) {
    return Math.abs(a.central() - b.central()) <= SHARP * Math.abs(a.central());
  }

  private static TreeSet<Double> steps(double x) {
    TreeSet<Double> steps = new TreeSet<>();
    int size = Math.getExponent(x);
    for (int e : EXPONENTS) {
      steps.add(Math.scalb(1.0, e + Math.max(0, size)));
    }
    if (x != 0 && Math.abs(x) < SMALL) {
      for (int e : SMALL_EXPONENTS) {
        steps.add(Math.scalb(1.0, e + size));
      }
    }
    return steps;
  }
}
