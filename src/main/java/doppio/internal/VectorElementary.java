package doppio.internal;

import static doppio.internal.VectorInnerTiles.LANES;
import static doppio.internal.VectorInnerTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The passes of {@link Elementary} in the Vector API, operation by operation. Chunks are padded to
 * whole vectors: lanes beyond the end compute on old numbers that nobody reads.
 */
final class VectorElementary extends Elementary {
  @Override
  void expArgument(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector bounded = load(c.y, i).max(EXP_MIN).min(EXP_MAX);
      bounded.intoArray(c.y, i);
      bounded.fma(all(LOG2_E), all(ROUNDER)).intoArray(c.k, i);
    }
  }

  @Override
  void tanhArgument(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector bounded = load(c.x, i).abs().min(TANH_MAX).mul(-2);
      bounded.intoArray(c.y, i);
      bounded.fma(all(LOG2_E), all(ROUNDER)).intoArray(c.k, i);
    }
  }

  @Override
  void expm1(Chunk c, int n) {
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
  void powerOfTwo(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      powerOfTwo(load(c.k, i)).intoArray(c.s, i);
    }
  }

  @Override
  void powersOfTwo(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector whole = load(c.k, i).sub(ROUNDER);
      DoubleVector half = whole.fma(all(0.5), all(ROUNDER));
      powerOfTwo(half).intoArray(c.s, i);
      powerOfTwo(whole.sub(half.sub(ROUNDER)).add(ROUNDER)).intoArray(c.t, i);
    }
  }

  private static DoubleVector powerOfTwo(DoubleVector k) {
    LongVector bits = k.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
    return bits.add(EXPONENT_OF_ONE).reinterpretAsDoubles();
  }

  @Override
  void scale(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      load(c.p, i).add(1).mul(load(c.s, i)).mul(load(c.t, i)).intoArray(c.y, i);
    }
  }

  @Override
  void tanhRatio(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector s = load(c.s, i);
      DoubleVector p = load(c.p, i);
      DoubleVector base = s.sub(1);
      DoubleVector u = s.fma(p, base);
      DoubleVector uLow = s.fma(p, base.sub(u));
      DoubleVector d = u.add(2);
      DoubleVector dLow = u.sub(d.sub(2)).add(uLow);
      DoubleVector a = all(0).sub(u);
      DoubleVector inverse = all(1).div(d);
      DoubleVector q = a.mul(inverse);
      DoubleVector minusQ = q.neg();
      DoubleVector remainder = minusQ.fma(dLow, minusQ.fma(d, a).sub(uLow));
      remainder.fma(inverse, q).intoArray(c.y, i);
    }
  }

  @Override
  void copySign(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      LongVector sign = load(c.x, i).reinterpretAsLongs().and(Long.MIN_VALUE);
      LongVector size = load(c.y, i).reinterpretAsLongs().and(Long.MAX_VALUE);
      size.or(sign).reinterpretAsDoubles().intoArray(c.y, i);
    }
  }

  @Override
  void chooseOne(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      load(c.y, i).blend(1, load(c.x, i).compare(VectorOperators.GE, 0)).intoArray(c.p, i);
    }
  }

  @Override
  void sigmoidRatio(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector y = load(c.y, i);
      DoubleVector p = load(c.p, i);
      DoubleVector d = y.add(1);
      DoubleVector dLow = y.sub(d.sub(1));
      DoubleVector inverse = all(1).div(d);
      DoubleVector q = p.mul(inverse);
      DoubleVector minusQ = q.neg();
      DoubleVector remainder = minusQ.fma(dLow, minusQ.fma(d, p));
      remainder.fma(inverse, q).intoArray(c.y, i);
    }
  }

  private static DoubleVector load(double[] a, int i) {
    return DoubleVector.fromArray(SPECIES, a, i);
  }

  private static DoubleVector all(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
