package doppio.internal.vector;

import static doppio.internal.vector.Exp.all;
import static doppio.internal.vector.Exp.load;
import static doppio.internal.vector.InnerTiles.LANES;

import doppio.internal.Chunk;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/** The passes of the plain tanh in the Vector API, operation by operation. */
final class Tanh extends doppio.internal.scalar.Tanh {
  Tanh(Exp exp) {
    super(exp);
  }

  @Override
  protected void argument(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector bounded = load(c.x, i).abs().min(MAX).mul(-2);
      bounded.intoArray(c.y, i);
      bounded.fma(all(Exp.LOG2_E), all(Exp.ROUNDER)).intoArray(c.k, i);
    }
  }

  @Override
  protected void powerOfTwo(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      Exp.powerOfTwo(load(c.k, i)).intoArray(c.s, i);
    }
  }

  @Override
  protected void ratio(Chunk c, int n) {
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
  protected void copySign(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      LongVector sign = load(c.x, i).reinterpretAsLongs().and(Long.MIN_VALUE);
      LongVector size = load(c.y, i).reinterpretAsLongs().and(Long.MAX_VALUE);
      size.or(sign).reinterpretAsDoubles().intoArray(c.y, i);
    }
  }
}
