package doppio.train;

import doppio.Tensor;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The sum of blocks that come one after the other, in a tree that their number alone decides: two
 * neighbours of equal size are added as soon as both are there; what is left at the end is added
 * from the last to the first. So at most log₂ n partial sums are kept.
 */
final class BlockSum {
  private final List<Parameter> parameters;
  private final List<Tensor> buffers;
  private final boolean[] present;
  private final ArrayDeque<Node> nodes = new ArrayDeque<>();
  private final List<double[][]> free = new ArrayList<>();

  /** Σ rows · value of each buffer, and what all blocks before had. */
  private final double[][] bufferSums;

  private final double[][] bufferValues;
  private final boolean[][] agreed;
  private long rows;

  /** The sum of 2^level blocks. */
  private static final class Node {
    private final double[][] gradients;
    private double loss;
    private int level;

    Node(double[][] gradients, double loss) {
      this.gradients = gradients;
      this.loss = loss;
    }
  }

  BlockSum(Module model) {
    parameters = model.parameters();
    buffers = List.copyOf(model.namedBuffers().values());
    present = new boolean[parameters.size()];
    bufferSums = new double[buffers.size()][];
    bufferValues = new double[buffers.size()][];
    agreed = new boolean[buffers.size()][];
  }

  /** Adds the next block. */
  void add(BlockGradient block, double divisor) {
    double[][] gradients =
        free.isEmpty() ? new double[parameters.size()][] : free.remove(free.size() - 1);
    double factor = block.divisor / divisor;
    for (int p = 0; p < gradients.length; p++) {
      double[] from = block.gradients[p];
      present[p] |= from != null;
      gradients[p] = from == null ? null : scaled(from, factor, gradients[p]);
    }
    addBuffers(block);
    Node node = new Node(gradients, block.sum);
    while (!nodes.isEmpty() && nodes.peekLast().level == node.level) {
      node = merged(nodes.removeLast(), node);
      node.level++;
    }
    nodes.addLast(node);
  }

  /** The sum of the blocks' losses. */
  double loss() {
    return total().loss;
  }

  /** Writes the sum to the model's parameters; those without a gradient in any block stay so. */
  void writeGradients() {
    double[][] gradients = total().gradients;
    for (int p = 0; p < gradients.length; p++) {
      if (present[p]) {
        double[] to = parameters.get(p).accumulator().data();
        System.arraycopy(gradients[p], 0, to, 0, to.length);
      }
    }
  }

  /** Elements on which all blocks agree as they are, the others' means weighted by rows. */
  void writeBuffers() {
    for (int b = 0; b < bufferSums.length; b++) {
      double[] to = buffers.get(b).data();
      for (int i = 0; i < to.length; i++) {
        to[i] = agreed[b][i] ? bufferValues[b][i] : bufferSums[b][i] / rows;
      }
    }
  }

  private void addBuffers(BlockGradient block) {
    for (int b = 0; b < bufferSums.length; b++) {
      double[] values = block.buffers[b];
      if (rows == 0) {
        bufferValues[b] = values.clone();
        bufferSums[b] = new double[values.length];
        agreed[b] = new boolean[values.length];
        Arrays.fill(agreed[b], true);
      }
      for (int i = 0; i < values.length; i++) {
        agreed[b][i] &= Double.compare(values[i], bufferValues[b][i]) == 0;
        bufferSums[b][i] += block.rows * values[i];
      }
    }
    rows += block.rows;
  }

  private Node total() {
    Node total = nodes.removeLast();
    for (Iterator<Node> left = nodes.descendingIterator(); left.hasNext(); ) {
      total = merged(left.next(), total);
    }
    nodes.clear();
    nodes.addLast(total);
    return total;
  }

  /** Adds the later sum to the earlier one. */
  private Node merged(Node earlier, Node later) {
    for (int p = 0; p < earlier.gradients.length; p++) {
      double[] a = earlier.gradients[p];
      double[] b = later.gradients[p];
      if (a == null) {
        earlier.gradients[p] = b;
        later.gradients[p] = null;
      } else if (b != null) {
        for (int i = 0; i < a.length; i++) {
          a[i] += b[i];
        }
      }
    }
    earlier.loss += later.loss;
    free.add(later.gradients);
    return earlier;
  }

  private static double[] scaled(double[] from, double factor, double[] old) {
    double[] to = old == null ? new double[from.length] : old;
    for (int i = 0; i < to.length; i++) {
      to[i] = factor * from[i];
    }
    return to;
  }
}
