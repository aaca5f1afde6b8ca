package doppio.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.Partitioner;

/**
 * How an epoch's positions are cut into blocks, and which partition has which: the blocks of all
 * its steps in turn, so that each step finds its own spread over all partitions.
 */
final class EpochCut extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;
  private final int batchSize;
  private final int rows;
  private final int blocksOfBatch;

  EpochCut(int partitions, int batchSize, int rows) {
    this.partitions = partitions;
    this.batchSize = batchSize;
    this.rows = rows;
    blocksOfBatch = blocks(batchSize);
  }

  /** For each row number its position in the batches, −1 for one that is in none. */
  static int[] places(List<int[]> batches, int size) {
    int[] places = new int[size];
    Arrays.fill(places, -1);
    int position = 0;
    for (int[] batch : batches) {
      for (int row : batch) {
        places[row] = position++;
      }
    }
    return places;
  }

  /** The number of blocks in a batch. */
  int blocks(int batch) {
    return (int) (((long) batch + rows - 1) / rows);
  }

  /** The position at which a block begins. */
  int start(int batch, int block) {
    return batch * batchSize + block * rows;
  }

  /** The partition that has a block. */
  int partition(int batch, int block) {
    return (int) (((long) batch * blocksOfBatch + block) % partitions);
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object position) {
    int at = (Integer) position;
    return partition(at / batchSize, at % batchSize / rows);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EpochCut cut
        && cut.partitions == partitions
        && cut.batchSize == batchSize
        && cut.rows == rows;
  }

  @Override
  public int hashCode() {
    return (31 * partitions + batchSize) * 31 + rows;
  }
}
