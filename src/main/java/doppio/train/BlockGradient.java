package doppio.train;

import doppio.Tensor;
import doppio.internal.Shapes;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What a {@link BlockWorker} made of a block: its loss, its gradient, and where the buffers went.
 * For a {@link BlockSource} to hand on; {@code Serializable}, so that it may come from another JVM.
 */
public final class BlockGradient implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By parameter; null where there is none. */
  final double[][] gradients;

  final double[][] buffers;
  int rows;
  int[] outputShape;
  int[] targetShape;
  double[] targets;

  /** The loss, its sum and what that is divided by; all 0 where no target of the block counts. */
  double value;

  double sum;
  double divisor;

  /** One to be filled, over buffers that are live. */
  BlockGradient(int parameters, List<double[]> buffers) {
    gradients = new double[parameters][];
    this.buffers = buffers.toArray(double[][]::new);
  }

  /** A copy, with arrays of its own. */
  BlockGradient copy() {
    BlockGradient copy =
        new BlockGradient(gradients.length, Arrays.stream(buffers).map(double[]::clone).toList());
    for (int p = 0; p < gradients.length; p++) {
      copy.gradients[p] = gradients[p] == null ? null : gradients[p].clone();
    }
    copy.rows = rows;
    copy.outputShape = outputShape.clone();
    copy.targetShape = targetShape.clone();
    copy.targets = targets.clone();
    copy.value = value;
    copy.sum = sum;
    copy.divisor = divisor;
    return copy;
  }

  /** The targets of blocks one below the other. */
  static Tensor targets(List<BlockGradient> blocks) {
    int[] shape = blocks.get(0).targetShape.clone();
    shape[0] = blocks.stream().mapToInt(block -> block.rows).sum();
    Tensor all = Tensor.zeros(shape);
    int at = 0;
    for (BlockGradient block : blocks) {
      System.arraycopy(block.targets, 0, all.data(), at, block.targets.length);
      at += block.targets.length;
    }
    return all;
  }

  /** How many rows it is of, their loss, and the shape of their predictions. */
  @Override
  public String toString() {
    return "BlockGradient("
        + rows
        + " rows, loss "
        + value
        + ", predictions "
        + Shapes.text(outputShape)
        + ")";
  }
}
