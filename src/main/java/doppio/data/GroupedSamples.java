package doppio.data;

/**
 * Samples of which only some fit into one batch: those of one group, sequences of one length say. A
 * {@link DataLoader}, and so a trainer, makes every batch of one group.
 *
 * <p>{@link #inputShape} and {@link #targetShape} have −1 for a dimension that differs between
 * groups. {@link #read} and {@link #batch} get rows of one group only.
 */
public interface GroupedSamples extends Samples {
  /**
   * The group of a row: any number, the length say; the same whenever it is asked for.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  int group(int row);

  /** A batch of the shapes that its group has. */
  @Override
  Batch batch(int... rows);
}
