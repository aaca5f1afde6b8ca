package doppio.internal;

import static doppio.internal.Fma.fma;

/**
 * A sum of numbers that come one by one.
 *
 * <p>Up to 4096 are one chain of additions, whose roundings stay below 5·10⁻¹³ of the sum of the
 * magnitudes. Of more than that, what each addition rounds away is summed too and added at the end:
 * ten million losses are then summed as exactly as ten.
 *
 * <p>Source: Ogita, Rump and Oishi, "Accurate sum and dot product", SIAM Journal on Scientific
 * Computing 26 (2005), algorithm 4.4.
 */
public final class Total {
  /** Terms of the longest plain chain. */
  public static final int CHAIN = 4096;

  private final boolean compensated;
  private double sum;
  private double lost;

  /** An empty sum that so many terms are added to, or fewer. */
  public Total(long terms) {
    compensated = terms > CHAIN;
  }

  /** Starts anew. */
  public void clear() {
    sum = 0;
    lost = 0;
  }

  /** Adds a term. */
  public void add(double term) {
    double next = sum + term;
    if (compensated) {
      double taken = next - sum;
      lost += (sum - (next - taken)) + (term - taken);
    }
    sum = next;
  }

  /** Adds a², in a plain chain with one rounding. */
  public void addSquare(double a) {
    if (compensated) {
      add(a * a);
    } else {
      sum = fma(a, a, sum);
    }
  }

  /** The sum so far. */
  public double value() {
    // After an infinity what was lost is no number, and the sum says all there is to say.
    return Double.isFinite(lost) ? sum + lost : sum;
  }
}
