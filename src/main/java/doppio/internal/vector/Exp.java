package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;

import doppio.internal.Chunk;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The passes of the plain e^x in the Vector API, operation by operation. Chunks are padded to whole
 * vectors: lanes beyond the end compute on old numbers that nobody reads.
 */
final class Exp extends doppio.internal.scalar.Exp {
  @Override
  protected void argument(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector bounded = load(c.y, i).max(EXP_MIN).min(EXP_MAX);
      bounded.intoArray(c.y, i);
      bounded.fma(all(LOG2_E), all(ROUNDER)).intoArray(c.k, i);
    }
  }

  @Override
  protected void expm1(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector whole = load(c.k, i).sub(ROUNDER);
      DoubleVector high = whole.fma(all(-LN2_HIGH), load(c.y, i));
      DoubleVector r = whole.fma(all(-LN2_LOW), high);
      DoubleVector rLow = whole.fma(all(-LN2_LOW), high.sub(r));
      DoubleVector p = r.fma(all(C13), all(C12));
      p = p.fma(r, all(C11));
      p = p.fma(r, all(C10));
      p = p.fma(r, all(C9));
      p = p.fma(r, all(C8));
      p = p.fma(r, all(C7));
      p = p.fma(r, all(C6));
      p = p.fma(r, all(C5));
      p = p.fma(r, all(C4));
      p = p.fma(r, all(C3));
      p = p.fma(r, all(C2));
      r.add(r.mul(r).fma(p, rLow)).intoArray(c.p, i);
    }
  }

  @Override
  protected void powersOfTwo(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector whole = load(c.k, i).sub(ROUNDER);
      DoubleVector half = whole.fma(all(0.5), all(ROUNDER));
      powerOfTwo(half).intoArray(c.s, i);
      powerOfTwo(whole.sub(half.sub(ROUNDER)).add(ROUNDER)).intoArray(c.t, i);
    }
  }

  static DoubleVector powerOfTwo(DoubleVector k) {
    LongVector bits = k.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
    return bits.add(EXPONENT_OF_ONE).reinterpretAsDoubles();
  }

  @Override
  protected void scale(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      load(c.p, i).add(1).mul(load(c.s, i)).mul(load(c.t, i)).intoArray(c.y, i);
    }
  }

  static DoubleVector load(double[] a, int i) {
    return DoubleVector.fromArray(SPECIES, a, i);
  }

  static DoubleVector all(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
