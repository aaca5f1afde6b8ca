package doppio.internal.onnx.load;

import doppio.Tensor;
import doppio.internal.Allowance;
import doppio.internal.onnx.OnnxModel;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Computes in advance what depends on no input, as far as there is memory and time for it: what a
 * file makes of its tensors may be far more than the file.
 */
final class Folding {
  /** Additions, or what takes as long, that may be done for each byte of the file, and beyond. */
  private static final int WORK = 1 << 6;

  private static final long FREE_WORK = 1 << 28;

  private final Allowance allowance;
  private long work;

  /** Arrays of whole numbers that are those of a value of others too, or must not be. */
  private final Set<double[]> given = Collections.newSetFromMap(new IdentityHashMap<>());

  Folding(OnnxModel model) {
    allowance = model.allowance();
    work = WORK * model.bytes() + FREE_WORK;
  }

  /** What the memory of tensors is taken from. */
  Allowance allowance() {
    return allowance;
  }

  /**
   * Takes memory for numbers.
   *
   * @throws IOException if there is not as much left
   */
  void take(long numbers) throws IOException {
    allowance.take(Double.BYTES * numbers);
  }

  /** Takes memory for numbers if there is as much left, and says whether it did. */
  boolean tryTake(long numbers) {
    return allowance.tryTake(Double.BYTES * numbers);
  }

  /** Takes time for additions if there is as much left, and says whether it did. */
  boolean tryWork(long additions) {
    boolean enough = additions <= work;
    work -= enough ? additions : 0;
    return enough;
  }

  /**
   * The result of a function, null if that takes too much. A shape, or a cast of whole numbers to
   * others, changes no number: the result has the argument's array then, unless training may change
   * it and something else reads it.
   *
   * @param whole whether the result is one of whole numbers
   * @param first what is known of the first argument
   * @param alone whether nothing else reads the first argument
   */
  Tensor fold(Function function, Tensor[] in, boolean whole, Fact first, boolean alone) {
    int[] shape = function.shape(Argument.of(in));
    if (function instanceof Reshaping && mayShare(in[0].data(), whole, first.whole(), alone)) {
      return Tensor.wrap(in[0].data(), shape);
    }
    long size = Function.product(shape, 0, shape.length);
    if (!tryWork(function.work(in, size)) || !tryTake(size)) {
      return null;
    }
    Tensor y = Tensor.zeros(shape);
    function.compute(in, y);
    return y;
  }

  private boolean mayShare(double[] numbers, boolean whole, boolean wasWhole, boolean alone) {
    if (whole) {
      if (!alone) {
        given.add(numbers);
      }
      return true;
    }
    return alone && (!wasWhole || given.add(numbers));
  }
}
