package doppio.internal.vector;

import static doppio.internal.Fma.fma;
import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;

import doppio.internal.AdamStep;
import doppio.internal.MomentumStep;
import doppio.internal.SgdStep;
import jdk.incubator.vector.DoubleVector;

/**
 * The optimizers' rules in the Vector API, which needs no copies. Those that divide and take a root
 * by a loop that the JIT vectorises are inherited: their copies cost little beside that.
 */
final class OptimizerRules extends doppio.internal.scalar.OptimizerRules {
  @Override
  protected void sgd(SgdStep step, double[] w, double[] g, int at, int from, int length) {
    int whole = length - length % LANES;
    double eta = step.eta();
    double lambda = step.lambda();
    double delta = step.delta();
    if (step.decays()) {
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector v = load(w, from + i);
        DoubleVector h = v.fma(all(lambda), load(g, at + i));
        h.fma(all(-eta), v.fma(all(-delta), v)).intoArray(w, from + i);
      }
    } else {
      for (int i = 0; i < whole; i += LANES) {
        load(g, at + i).fma(all(-eta), load(w, from + i)).intoArray(w, from + i);
      }
    }
    super.sgd(step, w, g, at + whole, from + whole, length - whole);
  }

  @Override
  protected void sgdMultiple(
      SgdStep step, double[] w, double factor, double[] x, int from, double[] array) {
    if (step.decays()) {
      super.sgdMultiple(step, w, factor, x, from, array);
      return;
    }
    double eta = step.eta();
    int whole = x.length - x.length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector g = load(x, i).fma(all(factor), all(0));
      g.fma(all(-eta), load(w, from + i)).intoArray(w, from + i);
    }
    for (int i = whole; i < x.length; i++) {
      w[from + i] = fma(-eta, fma(factor, x[i], 0), w[from + i]);
    }
  }

  @Override
  protected void momentum(
      MomentumStep step, double[] w, double[] v, double[] g, int at, int from, int length) {
    int whole = length - length % LANES;
    boolean nesterov = step.nesterov();
    double eta = step.eta();
    double mu = step.mu();
    double lambda = step.lambda();
    double delta = step.delta();
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector value = load(w, from + i);
      DoubleVector h = value.fma(all(lambda), load(g, at + i));
      DoubleVector velocity = load(v, from + i).fma(all(mu), h);
      velocity.intoArray(v, from + i);
      DoubleVector u = nesterov ? velocity.fma(all(mu), h) : velocity;
      u.fma(all(-eta), value.fma(all(-delta), value)).intoArray(w, from + i);
    }
    super.momentum(step, w, v, g, at + whole, from + whole, length - whole);
  }

  @Override
  protected void adam(
      AdamStep step, double[] w, double[] m, double[] v, double[] g, int at, int from, int length) {
    int whole = length - length % LANES;
    double eta = step.eta();
    double root = step.root();
    double beta1 = step.beta1();
    double beta2 = step.beta2();
    double epsilon = step.epsilon();
    double lambda = step.lambda();
    double delta = step.delta();
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector value = load(w, from + i);
      DoubleVector h = value.fma(all(lambda), load(g, at + i));
      DoubleVector mean = load(m, from + i);
      mean = h.sub(mean).fma(all(1 - beta1), mean);
      mean.intoArray(m, from + i);
      DoubleVector square = load(v, from + i).fma(all(beta2), h.mul(1 - beta2).mul(h));
      square.intoArray(v, from + i);
      DoubleVector u = mean.div(square.sqrt().div(root).add(epsilon));
      u.fma(all(-eta), value.fma(all(-delta), value)).intoArray(w, from + i);
    }
    super.adam(step, w, m, v, g, at + whole, from + whole, length - whole);
  }

  private static DoubleVector load(double[] a, int i) {
    return DoubleVector.fromArray(SPECIES, a, i);
  }

  private static DoubleVector all(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
