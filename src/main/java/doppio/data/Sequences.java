package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sequences of different lengths and what they should give, in batches of equal length: nothing is
 * padded. Each epoch of a shuffled {@link DataLoader}, or of a trainer, mixes which sequences of a
 * length come together and in which order the batches come; each sequence comes once.
 *
 * <p>Shapes: inputs {@code [t, ...]}, {@code [t, f]} for recurrent layers, with t from 1, which may
 * differ; targets {@code [t, ...]} where each step has one, {@code [t]} for classes, or of one
 * shape, {@code []} for a class of the whole. A batch has {@code [n, t, f]}.
 *
 * <pre>{@code
 * Sequences words = new Sequences(inputs, targets);
 * trainer.batchSize(32).fit(words);
 * }</pre>
 */
public final class Sequences implements GroupedSamples {
  private final Tensor[] inputs;
  private final Tensor[] targets;

  /** For each sequence the number of its pair of shapes. */
  private final int[] groups;

  private final int[] inputShape;
  private final int[] targetShape;

  /**
   * Pairs the tensors, which are not copied.
   *
   * @throws IllegalArgumentException if there is no sequence, or another number of targets
   * @throws ShapeException if a sequence has no steps, or one's shape differs from the first one's
   *     in more than the first dimension
   */
  public Sequences(List<Tensor> inputs, List<Tensor> targets) {
    this.inputs = Require.noNull("inputs", inputs).toArray(new Tensor[0]);
    this.targets = Require.noNull("targets", targets).toArray(new Tensor[0]);
    if (this.inputs.length == 0 || this.inputs.length != this.targets.length) {
      throw new IllegalArgumentException(
          "expected as many sequences, from one on, as targets but got "
              + this.inputs.length
              + " and "
              + this.targets.length);
    }
    for (int i = 0; i < this.inputs.length; i++) {
      if (this.inputs[i].rank() == 0 || this.inputs[i].dim(0) == 0) {
        throw new ShapeException("sequence " + i + " has no steps: " + Shapes.text(this.inputs[i]));
      }
    }
    inputShape = common("sequence", this.inputs);
    targetShape = common("the target of sequence", this.targets);
    groups = new int[this.inputs.length];
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    for (int i = 0; i < groups.length; i++) {
      List<Integer> lengths = List.of(length(this.inputs[i]), length(this.targets[i]));
      groups[i] = numbers.computeIfAbsent(lengths, l -> numbers.size());
    }
  }

  @Override
  public int size() {
    return inputs.length;
  }

  /** The shape of a sequence; −1 in place of a length that differs. */
  @Override
  public int[] inputShape() {
    return inputShape.clone();
  }

  @Override
  public int[] targetShape() {
    return targetShape.clone();
  }

  @Override
  public int group(int row) {
    RowCopies.check(groups.length, row);
    return groups[row];
  }

  @Override
  public Batch batch(int... rows) {
    RowCopies.check(groups.length, rows);
    int first = rows.length == 0 ? 0 : rows[0];
    Batch batch = Batch.of(rows.length, inputs[first].shape(), targets[first].shape());
    read(rows, batch);
    return batch;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the rows are not of one group
   */
  @Override
  public void read(int[] rows, Batch into) {
    int first = rows.length == 0 ? 0 : rows[0];
    RowCopies.check(groups.length, rows);
    for (int i = 0; i < rows.length; i++) {
      if (groups[rows[i]] != groups[rows[0]]) {
        throw new IllegalArgumentException(
            "sequences " + rows[0] + " and " + rows[i] + " differ in length: no batch has both");
      }
    }
    RowCopies.check(groups.length, rows, into, inputs[first].size(), targets[first].size());
    for (int i = 0; i < rows.length; i++) {
      copy(inputs[rows[i]], into.inputs(), i);
      copy(targets[rows[i]], into.targets(), i);
    }
  }

  private static void copy(Tensor sequence, Tensor batch, int place) {
    int size = sequence.size();
    System.arraycopy(sequence.data(), 0, batch.data(), place * size, size);
  }

  /** The shape that all have; −1 in place of a first dimension that differs. */
  private static int[] common(String what, Tensor[] tensors) {
    int[] first = tensors[0].shape();
    int[] common = first.clone();
    for (int i = 1; i < tensors.length; i++) {
      int[] shape = tensors[i].shape();
      if (shape.length > 0 && shape.length == first.length && shape[0] != first[0]) {
        common[0] = -1;
        shape[0] = first[0];
      }
      if (!Arrays.equals(shape, first)) {
        throw new ShapeException(
            what
                + " "
                + i
                + " has shape "
                + Shapes.text(tensors[i])
                + " and the first one "
                + Shapes.text(first)
                + ": only their first dimensions may differ");
      }
    }
    return common;
  }

  private static int length(Tensor t) {
    return t.rank() == 0 ? 0 : t.dim(0);
  }

  @Override
  public String toString() {
    return "Sequences("
        + inputs.length
        + " of shape "
        + Shapes.text(inputShape)
        + ", targets "
        + Shapes.text(targetShape)
        + ")";
  }
}
