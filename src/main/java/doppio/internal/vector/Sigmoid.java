package doppio.internal.vector;

import static doppio.internal.vector.Exp.all;
import static doppio.internal.vector.Exp.load;
import static doppio.internal.vector.InnerTiles.LANES;

import doppio.internal.Chunk;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/** The passes of the plain logistic function in the Vector API, operation by operation. */
final class Sigmoid extends doppio.internal.scalar.Sigmoid {
  Sigmoid(Exp exp) {
    super(exp);
  }

  @Override
  protected void chooseOne(Chunk c, int n) {
    for (int i = 0; i < n; i += LANES) {
      load(c.y, i).blend(1, load(c.x, i).compare(VectorOperators.GE, 0)).intoArray(c.p, i);
    }
  }

  @Override
  protected void ratio(Chunk c, int n) {
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
}
