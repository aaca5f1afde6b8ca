package doppio.data;

/**
 * Where batches come from: numbered rows of inputs and targets that need not lie in memory. A
 * {@link Dataset} is the one that does; a file that is mapped into memory, a folder of pictures or
 * a database is a few lines of your own:
 *
 * <pre>{@code
 * final class MappedSamples implements Samples {
 *   private final DoubleBuffer numbers; // ten inputs and a target in each row
 *
 *   public int size() { return numbers.limit() / 11; }
 *   public int[] inputShape() { return new int[] {10}; }
 *   public int[] targetShape() { return new int[] {1}; }
 *
 *   public void read(int[] rows, Batch into) {
 *     for (int i = 0; i < rows.length; i++) {
 *       numbers.get(11 * rows[i], into.inputs().data(), 10 * i, 10);
 *       numbers.get(11 * rows[i] + 10, into.targets().data(), i, 1);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Samples that differ in shape are {@link GroupedSamples}.
 */
public interface Samples {
  /** The number of samples, n. */
  int size();

  /** The shape of one sample, {@code [784]} say. */
  int[] inputShape();

  /** The shape of what one sample should give; {@code []} for a class index. */
  int[] targetShape();

  /**
   * Writes the samples of some rows, in the order given, into the tensors of a batch. Several
   * threads may call it at once.
   *
   * @param rows numbers from 0 to n − 1; one may be named more than once
   * @param into as many rows of these shapes; its contents are old
   * @throws IndexOutOfBoundsException if there is no such row; those of the library have written
   *     nothing then
   * @throws doppio.ShapeException if the batch's tensors have another size
   */
  void read(int[] rows, Batch into);

  /**
   * {@return the samples of some rows as a batch with tensors of its own}
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  default Batch batch(int... rows) {
    Batch batch = Batch.of(rows.length, inputShape(), targetShape());
    read(rows, batch);
    return batch;
  }
}
