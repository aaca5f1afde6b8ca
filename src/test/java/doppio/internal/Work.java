package doppio.internal;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A model and products, large enough to be shared, whose results are known. */
final class Work {
  private static final int LARGE = 400_000;
  private static final int N = 70;
  private static final int IN = 150;
  private static final int OUT = 131;

  private final Module model =
      new Sequential(
          new Linear(IN, OUT, new Generator(1)), new Tanh(), new Linear(OUT, 9, new Generator(2)));
  private final Tensor x = RandomTensors.normal(3, N, IN);
  private final double[] gy = RandomTensors.normal(4, N, OUT).data();
  private final double[] w = RandomTensors.normal(5, OUT, IN).data();
  private final double[] y;
  private final double[] gx;
  private final double[] gw;

  Work() {
    y = model.infer(x).data();
    gx = inputGradient();
    gw = weightGradient();
  }

  /** Computes everything a few times, and tells whether it is always what it was at first. */
  boolean isAlways() {
    for (int i = 0; i < 3; i++) {
      if (!Arrays.equals(model.infer(x).data(), y)
          || !Arrays.equals(inputGradient(), gx)
          || !Arrays.equals(weightGradient(), gw)
          || !Arrays.equals(weightGradientOfParts(), gw)) {
        return false;
      }
    }
    return true;
  }

  /** The same from inside of each part of a call that is shared. */
  boolean isAlwaysInsideACall() {
    AtomicInteger parts = new AtomicInteger();
    AtomicInteger equal = new AtomicInteger();
    KernelChoice.kernels()
        .parts(
            new double[LARGE],
            0,
            LARGE,
            (gradient, at, from, length) -> {
              parts.incrementAndGet();
              equal.addAndGet(isAlways() ? 1 : 0);
            });
    return equal.get() == parts.get() && parts.get() > 0;
  }

  /** Throws this in the last part of a call that is shared. */
  static void failIn(RuntimeException failure) {
    KernelChoice.kernels()
        .parts(
            new double[LARGE],
            0,
            LARGE,
            (gradient, at, from, length) -> {
              if (from + length == LARGE) {
                throw failure;
              }
            });
  }

  /** Throws this in the last part of a call that is shared, undeclared. */
  static void throwInPart(Throwable failure) {
    Kernels.Part part =
        (gradient, at, from, length) -> {
          if (from + length == LARGE) {
            Work.<RuntimeException>undeclared(failure);
          }
        };
    KernelChoice.kernels().parts(new double[LARGE], 0, LARGE, part);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void undeclared(Throwable failure) throws T {
    throw (T) failure;
  }

  /** Throws this in every part. */
  static void failIn(Error failure) {
    KernelChoice.kernels()
        .parts(
            new double[LARGE],
            0,
            LARGE,
            (gradient, at, from, length) -> {
              throw failure;
            });
  }

  private double[] inputGradient() {
    double[] result = new double[N * IN];
    KernelChoice.kernels().linearInputGradient(gy, 0, w, 0, result, 0, N, IN, OUT);
    return result;
  }

  private double[] weightGradient() {
    double[] result = new double[OUT * IN];
    KernelChoice.kernels().linearWeightGradient(gy, 0, x.data(), 0, result, 0, N, IN, OUT, false);
    return result;
  }

  private double[] weightGradientOfParts() {
    double[] result = new double[OUT * IN];
    KernelChoice.kernels()
        .linearWeightGradientParts(
            gy,
            0,
            x.data(),
            0,
            N,
            IN,
            OUT,
            (gradient, at, from, length) -> System.arraycopy(gradient, at, result, from, length));
    return result;
  }
}
