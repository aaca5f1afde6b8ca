package doppio.internal;

import static doppio.internal.Fma.fma;
import static doppio.internal.VectorInnerTiles.LANES;
import static doppio.internal.VectorInnerTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;

/** The rules of {@link Updates} in the Vector API, which needs no copies. */
final class VectorUpdates extends Updates {
  @Override
  void sgd(
      double[] w,
      double[] g,
      int at,
      int from,
      int length,
      double rate,
      double coupled,
      double decoupled) {
    int whole = length - length % LANES;
    if (coupled == 0 && decoupled == 0) {
      for (int i = 0; i < whole; i += LANES) {
        load(g, at + i).fma(all(-rate), load(w, from + i)).intoArray(w, from + i);
      }
    } else {
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector v = load(w, from + i);
        DoubleVector h = v.fma(all(coupled), load(g, at + i));
        h.fma(all(-rate), v.fma(all(-decoupled), v)).intoArray(w, from + i);
      }
    }
    super.sgd(w, g, at + whole, from + whole, length - whole, rate, coupled, decoupled);
  }

  @Override
  void sgdMultiple(
      double[] w,
      double factor,
      double[] x,
      int from,
      double rate,
      double coupled,
      double decoupled,
      double[] array) {
    if (coupled != 0 || decoupled != 0) {
      super.sgdMultiple(w, factor, x, from, rate, coupled, decoupled, array);
      return;
    }
    int whole = x.length - x.length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector g = load(x, i).fma(all(factor), all(0));
      g.fma(all(-rate), load(w, from + i)).intoArray(w, from + i);
    }
    for (int i = whole; i < x.length; i++) {
      w[from + i] = fma(-rate, fma(factor, x[i], 0), w[from + i]);
    }
  }

  @Override
  void momentum(
      double[] w,
      double[] g,
      int at,
      double[] v,
      int from,
      int length,
      double rate,
      double momentum,
      boolean nesterov,
      double coupled,
      double decoupled) {
    int whole = length - length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector value = load(w, from + i);
      DoubleVector h = value.fma(all(coupled), load(g, at + i));
      DoubleVector velocity = load(v, from + i).fma(all(momentum), h);
      velocity.intoArray(v, from + i);
      DoubleVector u = nesterov ? velocity.fma(all(momentum), h) : velocity;
      u.fma(all(-rate), value.fma(all(-decoupled), value)).intoArray(w, from + i);
    }
    super.momentum(
        w,
        g,
        at + whole,
        v,
        from + whole,
        length - whole,
        rate,
        momentum,
        nesterov,
        coupled,
        decoupled);
  }

  @Override
  void adam(
      double[] w,
      double[] g,
      int at,
      double[] m,
      double[] v,
      int from,
      int length,
      double rate,
      double root,
      double beta1,
      double beta2,
      double epsilon,
      double coupled,
      double decoupled) {
    int whole = length - length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector value = load(w, from + i);
      DoubleVector h = value.fma(all(coupled), load(g, at + i));
      DoubleVector mean = load(m, from + i);
      mean = h.sub(mean).fma(all(1 - beta1), mean);
      mean.intoArray(m, from + i);
      DoubleVector square = load(v, from + i).fma(all(beta2), h.mul(1 - beta2).mul(h));
      square.intoArray(v, from + i);
      DoubleVector u = mean.div(square.sqrt().div(root).add(epsilon));
      u.fma(all(-rate), value.fma(all(-decoupled), value)).intoArray(w, from + i);
    }
    super.adam(
        w,
        g,
        at + whole,
        m,
        v,
        from + whole,
        length - whole,
        rate,
        root,
        beta1,
        beta2,
        epsilon,
        coupled,
        decoupled);
  }

  private static DoubleVector load(double[] a, int i) {
    return DoubleVector.fromArray(SPECIES, a, i);
  }

  private static DoubleVector all(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
