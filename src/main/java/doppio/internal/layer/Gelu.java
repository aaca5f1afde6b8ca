package doppio.internal.layer;

import static doppio.internal.Fma.fma;

import doppio.internal.Chunk;
import doppio.internal.Scratch;

/**
 * x · Φ(x), Φ the distribution function of the normal distribution.
 *
 * <p>With z = |x| and the upper tail Q(z) = 1 − Φ(z) = ½ erfc(z/√2) it is max(x, 0) − z·Q(z) on
 * both sides of 0, without a cancellation on the left. Q(z) = e^(−z²/2) · P(u) / (1 + z), where u =
 * (z − 5)/(z + 5), and P interpolates (1 + z) · e^(z²/2) · Q(z) for z in [0, 40] in 23 Chebyshev
 * points; beyond them Q is 0. Its error is below 10⁻¹⁶ of the value, and its coefficients, computed
 * with 50 digits, add up to less than 0.7, so that nothing cancels. The rounding error of z² is
 * made good in e^(−z²/2). So Q is right to 4 units in the last place wherever it is a normal
 * number.
 *
 * <p>Source: the substitution is that of Shepherd and Laframboise, "Chebyshev approximation of
 * (1+2x)exp(x²)erfc x in 0 ≤ x &lt; ∞", Mathematics of Computation 36 (1981).
 */
public final class Gelu extends Activation {
  /** The largest z that P is right for; beyond it Q is 0. */
  public static final double MAX = 40;

  /** The z where u is 0. */
  public static final double CENTRE = 5;

  /** 1/√(2π). */
  private static final double DENSITY_AT_0 = 0.3989422804014327;

  private static final double P0 = 0x1.d8979b0f2b39dp-2;
  private static final double P1 = -0x1.76ff86859eb0cp-4;
  private static final double P2 = 0x1.fc66cc64a14d0p-6;
  private static final double P3 = 0x1.47c1d03052c1fp-7;
  private static final double P4 = -0x1.b08e0007b8689p-6;
  private static final double P5 = 0x1.92037bab64a5bp-6;
  private static final double P6 = -0x1.f11aab02585f1p-7;
  private static final double P7 = 0x1.ab6d038660160p-8;
  private static final double P8 = -0x1.b75f4fc847535p-10;
  private static final double P9 = 0x1.057213aaea8f4p-17;
  private static final double P10 = 0x1.7e61f207da2a8p-13;
  private static final double P11 = -0x1.c1b2517ccf0cdp-15;
  private static final double P12 = -0x1.4c12ea3c1ebdfp-17;
  private static final double P13 = 0x1.300a1738dc316p-17;
  private static final double P14 = -0x1.2738f541c4345p-24;
  private static final double P15 = -0x1.5f91d56fc7009p-20;
  private static final double P16 = 0x1.0b44ea615861dp-23;
  private static final double P17 = 0x1.aa46814309d74p-23;
  private static final double P18 = -0x1.773a0ead7dac9p-26;
  private static final double P19 = -0x1.1058f2df47645p-25;
  private static final double P20 = 0x1.b7507842726a6p-32;
  private static final double P21 = 0x1.0c5d149847876p-28;
  private static final double P22 = 0x1.8cd6249c0f511p-31;

  @Override
  protected void argument(double[] x, double[] t, int from, int to) {
    for (int i = from; i < to; i++) {
      double z = Math.min(Math.abs(x[i]), MAX);
      t[i] = -0.5 * (z * z);
    }
  }

  @Override
  protected void value(double[] x, double[] y, int from, int to) {
    int n = to - from;
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    load(c, x, y, from, n);
    for (int i = 0; i < n; i++) {
      double z = c.s[i];
      c.y[i] = fma(-z, exact(c.y[i], z) * c.p[i], Math.max(c.x[i], 0));
    }
    System.arraycopy(c.y, 0, y, from, n);
    scratch.give();
  }

  /** Φ(x) + x·φ(x), φ the density: ±(z·φ(z) − Q(z)), and 1 more for x ≥ 0. */
  @Override
  protected void gradient(double[] x, double[] gy, double[] gx, int from, int to) {
    int n = to - from;
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    load(c, x, gx, from, n);
    for (int i = 0; i < n; i++) {
      double z = c.s[i];
      c.y[i] = exact(c.y[i], z) * (z * DENSITY_AT_0 - c.p[i]);
    }
    System.arraycopy(c.y, 0, gx, from, n);
    scratch.give();
    for (int i = from; i < to; i++) {
      gx[i] = gy[i] * (step(x[i]) + signed(gx[i], x[i]));
    }
  }

  /** e^(−z²/2) from that of the rounded z². */
  private static double exact(double e, double z) {
    double square = z * z;
    return fma(-0.5 * fma(z, z, -square), e, e);
  }

  /**
   * x, y = e^(−z²/2), s = z and p = Q(z) / e^(−z²/2). In several loops, because the JIT vectorises
   * none that is much longer, and without fused multiply-adds they have twice as many operations.
   */
  private static void load(Chunk c, double[] x, double[] e, int from, int n) {
    System.arraycopy(x, from, c.x, 0, n);
    System.arraycopy(e, from, c.y, 0, n);
    argument(c.x, c.s, c.k, n);
    higher(c.k, c.p, n);
    lower(c.k, c.s, c.p, n);
  }

  private static void argument(double[] x, double[] size, double[] u, int n) {
    for (int i = 0; i < n; i++) {
      double z = Math.min(Math.abs(x[i]), MAX);
      size[i] = z;
      u[i] = (z - CENTRE) / (z + CENTRE);
    }
  }

  /** p = P(u) but for its four lowest terms, over u⁴. */
  private static void higher(double[] arguments, double[] result, int n) {
    for (int i = 0; i < n; i++) {
      double u = arguments[i];
      double p = fma(P22, u, P21);
      p = fma(p, u, P20);
      p = fma(p, u, P19);
      p = fma(p, u, P18);
      p = fma(p, u, P17);
      p = fma(p, u, P16);
      p = fma(p, u, P15);
      p = fma(p, u, P14);
      p = fma(p, u, P13);
      p = fma(p, u, P12);
      p = fma(p, u, P11);
      p = fma(p, u, P10);
      p = fma(p, u, P9);
      p = fma(p, u, P8);
      p = fma(p, u, P7);
      p = fma(p, u, P6);
      p = fma(p, u, P5);
      result[i] = fma(p, u, P4);
    }
  }

  /** p = P(u) / (1 + z). */
  private static void lower(double[] arguments, double[] size, double[] result, int n) {
    for (int i = 0; i < n; i++) {
      double u = arguments[i];
      double p = fma(result[i], u, P3);
      p = fma(p, u, P2);
      p = fma(p, u, P1);
      p = fma(p, u, P0);
      result[i] = p / (1 + size[i]);
    }
  }

  /** The coefficients of P, the constant one first: for those who compute Q(z) elsewhere. */
  public static double[] tail() {
    return new double[] {
      P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, P15, P16, P17, P18, P19, P20,
      P21, P22
    };
  }
}
